"""Holds requests to the SDK's own parameter types, and answers to its resource classes.

An own walk over the annotations: general libraries cannot build all of them, and they allow any text where the SDK
writes ``Literal[…] | str``. Here that ``str`` is dropped, unknown keys are refused, and needed ones must be there.
"""

import builtins
import functools
import re
import sys
import types
import typing
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin

import stripe
import stripe.checkout
import stripe.params
import stripe.params.checkout
from stripe._list_object import ListObject
from stripe._stripe_object import StripeObject, UntypedStripeObject

Json = Any
NAMES = {**vars(typing), "UntypedStripeObject": UntypedStripeObject, "ListObject": ListObject}
EXTRA = {"url"}


class _Names(dict[str, Any]):
    """Names of the SDK; its resource classes are loaded when they are first named."""

    def __missing__(self, name: str) -> Any:
        if name.startswith("__"):
            raise KeyError(name)
        return getattr(stripe, name, None) or getattr(builtins, name)


class Unfit(ValueError):
    """What was sent or answered is not what the SDK says; the message names the place."""


def check_request(kind: Any, values: dict[str, Json]) -> dict[str, Json]:
    """Return a decoded form with numbers and booleans in place of their texts; raises ``Unfit``."""
    return typing.cast("dict[str, Json]", _typed_dict(kind, values, kind.__name__))


def check_answer(kind: type, body: dict[str, Json]) -> None:
    """Raise ``Unfit`` unless the body has all that the resource class needs and nothing it does not know."""
    _resource(kind, body, kind.__name__)


def _typed_dict(kind: Any, values: Json, place: str) -> Json:
    if not isinstance(values, dict):
        raise Unfit(f"{place} is not an object")
    hints = dict(kind.__annotations__)
    unknown, missing = set(values) - set(hints), set(kind.__required_keys__) - set(values)
    if unknown or missing:
        raise Unfit(f"{place}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    return {key: _value(hints[key], value, f"{place}.{key}", kind) for key, value in values.items()}


def _value(hint: Any, value: Json, place: str, home: type) -> Json:
    hint = _resolved(hint, home)
    if get_origin(hint) in {typing.NotRequired, typing.Required}:
        return _value(get_args(hint)[0], value, place, home)
    if get_origin(hint) in {Union, types.UnionType}:
        return _first_that_fits(hint, value, place, home)
    if get_origin(hint) is Literal:
        return _same(value in get_args(hint), value, place)
    if get_origin(hint) in {list, dict} or _is_untyped(hint):
        return _container(hint, value, place, home)
    return _typed_dict(hint, value, place) if hasattr(hint, "__required_keys__") else _plain(hint, value, place)


def _first_that_fits(hint: Any, value: Json, place: str, home: type) -> Json:
    failures = []
    for each in _choices(hint):
        try:
            return _value(each, value, place, home)
        except Unfit as failure:
            failures.append(str(failure))
    raise Unfit("; ".join(failures))


def _choices(hint: Any) -> list[Any]:
    """The members of a union; where words are listed, any other text is not meant."""
    members = list(get_args(hint))
    words = any(get_origin(each) is Literal and get_args(each) != ("",) for each in members)
    return [each for each in members if not (words and each is str)]


def _container(hint: Any, value: Json, place: str, home: type) -> Json:
    inner = get_args(hint)[-1] if get_args(hint) else str
    if get_origin(hint) is list:
        _same(isinstance(value, list), value, place)
        return [_value(inner, each, f"{place}[{number}]", home) for number, each in enumerate(value)]
    _same(isinstance(value, dict), value, place)
    return {key: _value(inner, each, f"{place}.{key}", home) for key, each in value.items()}


def _plain(hint: Any, value: Json, place: str) -> Json:
    patterns = {int: r"-?\d+", float: r"-?\d+(\.\d+)?", bool: r"true|false", str: r"(?s).*"}
    if hint not in patterns or not isinstance(value, str) or not re.fullmatch(patterns[hint], value):
        raise Unfit(f"{place} is not {hint}")
    return value == "true" if hint is bool else hint(value)


def _resource(kind: type, body: Json, place: str) -> None:
    if not isinstance(body, dict):
        raise Unfit(f"{place} is not an object")
    hints = {
        key: hint for each in reversed(kind.__mro__) for key, hint in vars(each).get("__annotations__", {}).items()
    }
    hints = {key: hint for key, hint in hints.items() if not key.startswith("_") and key != "OBJECT_NAME"}
    needed = {key for key, hint in hints.items() if not _may_be_absent(_resolved(hint, kind))}
    unknown, missing = set(body) - set(hints) - EXTRA, needed - set(body)
    if unknown or missing:
        raise Unfit(f"{place}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    for key in set(body) & set(hints):
        _member(_resolved(hints[key], kind), body[key], f"{place}.{key}", kind)


def _member(hint: Any, value: Json, place: str, home: type) -> None:
    hint = _resolved(hint, home)
    if get_origin(hint) in {Union, types.UnionType}:
        _same(any(_fits(each, value, place, home) for each in _choices(hint)), value, place)
    elif get_origin(hint) is Literal:
        _same(value in get_args(hint), value, place)
    elif get_origin(hint) is ListObject:
        for number, each in enumerate(value["data"]):
            _member(get_args(hint)[0], each, f"{place}[{number}]", home)
    elif get_origin(hint) is list:
        _same(isinstance(value, list), value, place)
    elif isinstance(hint, type):
        _value_of(hint, value, place)


def _value_of(hint: type, value: Json, place: str) -> None:
    if issubclass(hint, StripeObject) and not _is_untyped(hint):
        _resource(hint, value, place)
    elif hint.__name__ != "Decimal" and not _is_untyped(hint):
        _same(isinstance(value, hint) and isinstance(value, bool) == (hint is bool), value, place)


def _fits(hint: Any, value: Json, place: str, home: type) -> bool:
    try:
        _member(hint, value, place, home)
    except Unfit:
        return False
    return True


def _may_be_absent(hint: Any) -> bool:
    return type(None) in get_args(hint)


def _is_untyped(hint: Any) -> bool:
    return UntypedStripeObject in {hint, get_origin(hint)}


def _resolved(hint: Any, home: type) -> Any:
    if isinstance(hint, ForwardRef | str):
        text = hint.__forward_arg__ if isinstance(hint, ForwardRef) else hint
        return _evaluated(text, home.__module__)
    return hint


@functools.cache
def _evaluated(text: str, module: str) -> Any:
    names = {**NAMES, **vars(stripe.params), **vars(stripe.params.checkout), **vars(sys.modules[module])}
    return eval(text, {}, _Names(names))  # noqa: S307  the SDK's own annotations, not anything sent


def _same(fits: bool, value: Json, place: str) -> Json:  # noqa: FBT001
    if not fits:
        raise Unfit(f"{place} is not one of what is allowed")
    return value
