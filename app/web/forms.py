"""The form class that all forms share: tidy texts, messages in the reader's language."""

from typing import Any, ClassVar

from flask_babel import get_locale
from wtforms import Form
from wtforms.fields import Field


def tidy(text: str) -> str:
    """Return a text without outer spaces, and without the one character that the database keeps in no text."""
    return text.replace("\0", "").strip()


def _strip(value: Any) -> Any:
    return tidy(value) if isinstance(value, str) else value


class PageForm(Form):  # type: ignore[misc]
    """A form of a page. Views fill it from ``request.form`` and answer 422 with it when ``validate()`` is false."""

    class Meta:
        """WTForms' settings; the token against forged forms is the guard's, not the form's."""

        csrf = False
        filters: ClassVar = [_strip]

        @property
        def locales(self) -> list[str]:
            """The reader's language, for the messages that WTForms brings."""
            locale = get_locale()
            return [locale.language] if locale else ["en"]

        def bind_field(self, form: Form, field: Any, options: dict[str, Any]) -> Field:
            """Strip every text field before it is validated."""
            if issubclass(field.field_class, Field) and "filters" not in field.kwargs:
                options["filters"] = self.filters
            return field.bind(form=form, **options)
