"""Text that only its rightful readers open. Other features use what is named here, nothing inside."""

from app.vault.actions import open_setting, seal_setting
from app.vault.errors import CannotOpen

__all__ = ["CannotOpen", "open_setting", "seal_setting"]
