"""Pages of training: the module for members, the set-up step for those who arrange it."""

from app.training.views import module, plan
from app.training.views.pages import training

__all__ = ["module", "plan", "training"]
