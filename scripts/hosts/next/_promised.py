"""The built-in names of Python 3.15, as much of them as pip and pytest need, for a library that is older."""

import builtins
from _collections_abc import Mapping


class frozendict(Mapping):
    """A mapping that cannot be changed, and can be hashed if its values can."""

    __slots__ = ("_items",)

    def __init__(self, *arguments, **keywords):
        self._items = dict(*arguments, **keywords)

    def __getitem__(self, key):
        return self._items[key]

    def __iter__(self):
        return iter(self._items)

    def __len__(self):
        return len(self._items)

    def __hash__(self):
        return hash(frozenset(self._items.items()))

    def __repr__(self):
        return f"frozendict({self._items!r})"


class sentinel:
    """An object that is only equal to itself, also when it is copied."""

    __slots__ = ("__name__", "_repr")

    def __init__(self, name, /, *, repr=None):
        self.__name__ = name
        self._repr = repr or name

    def __repr__(self):
        return self._repr

    def __copy__(self):
        return self

    def __deepcopy__(self, memo, /):
        return self

    def __reduce__(self):
        return self.__name__


for name in (frozendict, sentinel):
    name.__module__ = "builtins"
    setattr(builtins, name.__name__, name)
