from tests.factories.sign_in import statements

__all__ = ["statements"]
