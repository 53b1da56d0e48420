"""A warehouse's inventory, written in C."""

from ._inventory import (
    Discount,
    Inventory,
    InventoryError,
    Item,
    Samples,
    checksum,
    code_points,
    describe,
    item_value,
    join,
    parse_line,
    reverse,
    utf8,
)

__all__ = [
    "Discount",
    "Inventory",
    "InventoryError",
    "Item",
    "Samples",
    "checksum",
    "code_points",
    "describe",
    "item_value",
    "join",
    "parse_line",
    "reverse",
    "utf8",
]
