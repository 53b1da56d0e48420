"""Items and inventories."""

import gc
import sys
import time
import weakref

import inventory
import pytest
from inventory import Inventory, InventoryError, Item


def test_the_extension_is_in_use():
    assert inventory._inventory.__file__.endswith((".so", ".pyd"))
    assert inventory.Item is inventory._inventory.Item
    assert inventory.Item.__module__ == "inventory._inventory"


def test_the_module_leaves_the_gil_off():
    if not hasattr(sys, "_is_gil_enabled"):
        pytest.skip("this Python has no way to turn the GIL off")
    if "free-threading" not in sys.version:
        pytest.skip("this Python is built with the GIL")
    assert not sys._is_gil_enabled()


def test_an_item_has_members_and_properties():
    item = Item("bolt", 3, price=0.25, tags=["steel"])
    assert (item.name, item.quantity, item.price, item.tags) == ("bolt", 3, 0.25, ["steel"])
    assert item.value == 0.75
    assert item.cents == 25
    item.quantity += 1
    item.cents = 50
    assert item.value == 2.0
    assert repr(item) == "Item('bolt', quantity=4, price=0.5)"


def test_an_item_has_defaults():
    item = Item("bolt")
    assert (item.quantity, item.price, item.tags) == (1, 0.0, ())


def test_an_items_name_is_read_only():
    with pytest.raises(AttributeError):
        Item("bolt").name = "nut"


def test_a_deleted_member_is_gone():
    item = Item("bolt")
    del item.tags
    assert not hasattr(item, "tags")
    with pytest.raises(AttributeError, match="^the price of an item cannot be deleted$"):
        del item.cents


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [((), {}), ((1,), {}), (("bolt", "three"), {}), (("bolt",), {"weight": 1}), (("bolt", 1, 2.0, ()), {})],
)
def test_wrong_arguments_of_an_item_are_type_errors(args, kwargs):
    with pytest.raises(TypeError):
        Item(*args, **kwargs)


def test_a_member_takes_only_its_own_type():
    item = Item("bolt")
    with pytest.raises(TypeError):
        item.quantity = "many"
    with pytest.raises((OverflowError, TypeError)):
        item.quantity = 1 << 100
    assert type(item.quantity) is int


def test_a_negative_quantity_is_refused():
    with pytest.raises(InventoryError, match="^'bolt': the quantity is -1, but must not be negative$"):
        Item("bolt", -1)


def test_items_are_equal_by_name_and_ordered_by_value():
    cheap, dear = Item("bolt", 1, 1.0), Item("nut", 1, 2.0)
    assert cheap == Item("bolt") and cheap != dear
    assert cheap < dear and dear >= cheap
    assert cheap != "bolt"
    assert len({cheap, Item("bolt"), dear}) == 2
    with pytest.raises(TypeError):
        sorted([cheap, 1])


def collected(reference):
    """Whether the referent goes away; some Pythons need several collections, or time."""
    deadline = time.monotonic() + 10
    while reference() is not None and time.monotonic() < deadline:
        gc.collect()
        time.sleep(0.01)
    return reference() is None


def test_weak_references_are_cleared():
    item = Item("bolt")
    reference = weakref.ref(item)
    assert reference() is item
    del item
    assert collected(reference)


@pytest.mark.skipif(
    sys.implementation.name in ("pypy", "graalpy"), reason="this Python leaves cycles through C objects alone"
)
def test_cycles_are_collected():
    item = Item("bolt")
    stock = Inventory([item])
    item.tags = [item, stock]
    reference = weakref.ref(item)
    del item, stock
    assert collected(reference)


def test_an_inventory_is_a_mapping():
    stock = Inventory([Item("bolt", 3), Item("nut", 5)])
    assert len(stock) == 2
    assert "bolt" in stock and "washer" not in stock
    assert stock["nut"].quantity == 5
    stock["washer"] = Item("washer")
    del stock["bolt"]
    assert [item.name for item in stock] == ["nut", "washer"]
    with pytest.raises(KeyError):
        stock["bolt"]
    with pytest.raises(KeyError):
        del stock["bolt"]
    assert repr(stock) == "Inventory([Item('nut', quantity=5, price=0.0), Item('washer', quantity=1, price=0.0)])"


def test_an_inventory_takes_items_only():
    with pytest.raises(TypeError, match="^expected an Item, not 3$"):
        Inventory([3])
    stock = Inventory()
    with pytest.raises(TypeError, match="^expected an Item, not None$"):
        stock["bolt"] = None
    with pytest.raises(InventoryError, match="^an item named 'nut' cannot be stored as 'bolt'$"):
        stock["bolt"] = Item("nut")
    with pytest.raises(ZeroDivisionError):
        Inventory(Item(name) for name in ["bolt", 1 / 0])


def test_iterators_are_objects_of_their_own():
    stock = Inventory([Item("bolt"), Item("nut")])
    iterator = iter(stock)
    assert iter(iterator) is iterator
    assert iterator.__length_hint__() == 2
    assert next(iterator).name == "bolt"
    stock["washer"] = Item("washer")
    assert next(iterator).name == "nut"
    with pytest.raises(StopIteration):
        next(iterator)


def test_methods_take_keywords():
    stock = Inventory()
    assert stock.add("bolt").quantity == 1
    assert stock.add("nut", 5, 0.5).value == 2.5
    assert stock.add(price=2, quantity=3, name="washer").value == 6.0
    assert stock.total() == 8.5
    with pytest.raises(TypeError, match=r"^add\(\) got an unexpected keyword argument 'weight'$"):
        stock.add("bolt", weight=1)
    with pytest.raises(TypeError, match=r"^add\(\) got multiple values for argument 'name'$"):
        stock.add("bolt", name="nut")
    with pytest.raises(TypeError, match=r"^add\(\) needs a name$"):
        stock.add()
    with pytest.raises(TypeError, match=r"^add\(\) takes at most 3 arguments \(4 given\)$"):
        stock.add(1, 2, 3, 4)
    with pytest.raises(OverflowError):
        stock.add("bolt", 1 << 100)


def test_taking_more_than_there_is():
    stock = Inventory([Item("bolt", 3)])
    assert stock.take("bolt", 2) == 1
    with pytest.raises(InventoryError, match="^cannot take 2 of 1$"):
        stock.take("bolt", 2)
    with pytest.raises(InventoryError, match="^there is no 'nut'$") as caught:
        stock.take("nut", 1)
    assert isinstance(caught.value.__cause__, KeyError)
    assert caught.value.__cause__.args == ("nut",)
    assert isinstance(caught.value, ValueError)


def test_class_and_static_methods():
    class Shop(Inventory):
        pass

    shop = Shop.from_pairs([("bolt", 3), ("nut", 5)])
    assert type(shop) is Shop
    assert sorted(item.name for item in shop) == ["bolt", "nut"]
    with pytest.raises(TypeError, match="^expected pairs of a name and a quantity$"):
        Shop.from_pairs(["bolt"])
    assert Inventory.is_name("bolt") and not Inventory.is_name("") and not shop.is_name(3)


def test_a_subclass_has_attributes_and_overrides():
    class Shop(Inventory):
        def __init__(self, owner, items=()):
            super().__init__(items)
            self.owner = owner

        def add(self, name, *args, **kwargs):
            return super().add(name.lower(), *args, **kwargs)

    shop = Shop("Ada", [Item("bolt")])
    shop.add("NUT", quantity=2)
    assert shop.owner == "Ada"
    assert sorted(item.name for item in shop) == ["bolt", "nut"]
    assert shop.take("nut", 1) == 1
    assert isinstance(shop, Inventory)


def test_inventories_are_added():
    both = Inventory([Item("bolt", 1), Item("nut", 1)]) + Inventory([Item("nut", 2)])
    assert [(item.name, item.quantity) for item in both] == [("bolt", 1), ("nut", 2)]
    with pytest.raises(TypeError):
        Inventory() + 1
    with pytest.raises(TypeError):
        1 + Inventory()


def test_a_generic_alias():
    alias = Inventory[Item]
    assert alias.__origin__ is Inventory and alias.__args__ == (Item,)


def test_the_docstrings_are_there():
    assert Item.__doc__ == "A kind of goods in an inventory."
    assert inventory._inventory.__doc__ == "A warehouse's inventory."


def test_the_capsule_gives_the_value():
    assert inventory.item_value(Item("bolt", 2, 1.5)) == (1, 3.0)
    with pytest.raises(TypeError, match="^expected an Item, not 'bolt'$"):
        inventory.item_value("bolt")
    assert inventory._inventory.API_VERSION == 1
