# SPDX-License-Identifier: BSL-1.0
"""Shows Conform's types in gdb and LLDB as people write them: axes with extents, symbols by name with their values.

  gdb:   source conform_printers.py                  in ~/.gdbinit for always
  LLDB:  command script import conform_printers.py   in ~/.lldbinit for always

  x = tensor of float [batch=2, token=T:3, embed=4] = {[0, 0, 0] = 1, ...}
  v = view of float [head=2, token=3], strides [4, 8]
  cache = kv_cache of float [batch=2, key=16, head_dim=4], lengths [3, 5]
"""
import re

SYMBOL_BIT = 1 << 63
MOST_ELEMENTS = 200  # that are shown of a tensor


# --- What the name of a type says, for both debuggers.

class Name:
    """A type as it is written: `template`, without namespaces, and its arguments."""

    def __init__(self, text):
        text = text.strip()
        for prefix in ("const ", "volatile ", "struct ", "class "):
            while text.startswith(prefix):
                text = text[len(prefix):]
        while text.endswith((" const", "&", " ")):
            text = text.removesuffix(" const").removesuffix("&").strip()
        self.text = text
        head, _, rest = text.partition("<")
        self.template = head.strip().rsplit("::", 1)[-1]
        self.arguments = [Name(each) for each in split_arguments(rest[:rest.rfind(">")])] if rest else []
        digits = re.fullmatch(r"(\d+)[uUlL]*", text)
        self.number = int(digits.group(1)) if digits else None

    @property
    def in_conform(self):
        return self.text.startswith("conform::")


def split_arguments(text):
    depth, start, found = 0, 0, []
    for i, c in enumerate(text):
        depth += (c in "<(") - (c in ">)")
        if c == "," and depth == 0:
            found.append(text[start:i])
            start = i + 1
    found.append(text[start:])
    return [each for each in found if each.strip()]


def is_symbol(extent):
    return extent & SYMBOL_BIT != 0


def spelled(extent):
    """The number, or the letters of the symbol: 7 bits each, as shape/extent.hpp encodes them."""
    if not is_symbol(extent):
        return str(extent)
    letters, code = "", extent & ~SYMBOL_BIT
    while code:
        letters, code = chr(code & 0x7F) + letters, code >> 7
    return letters


def axis_of(name):
    """(name, extent) of an axis; what one was made of is left out."""
    if name.template in ("merged", "concatenated", "distribution"):
        return axis_of(name.arguments[0])
    if len(name.arguments) != 1 or name.arguments[0].number is None:
        return None
    return name.template, name.arguments[0].number


def axes_of(names):
    return [axis for axis in map(axis_of, names) if axis]


def axes_text(axes, extents=None):
    shown = []
    for i, (name, extent) in enumerate(axes):
        value = f":{extents[i]}" if is_symbol(extent) and extents else ""
        shown.append(f"{name}={spelled(extent)}{value}")
    return "[" + ", ".join(shown) + "]"


def row_major(extents):
    strides, step = [], 1
    for extent in reversed(extents):
        strides.insert(0, step)
        step *= extent
    return strides


class Tensor:
    """A tensor or view whose words, pointer and storage `value` reads: value.field(name), value.integer(), value.items()."""

    KINDS = ("tensor", "inplace_tensor", "strided_tensor", "tensor_view")

    def __init__(self, name, value):
        self.kind = "view" if name.template == "tensor_view" else "tensor"
        self.element = name.arguments[0].text.removeprefix("conform::")
        by_shape = name.template in ("tensor_view", "strided_tensor")
        self.axes = axes_of(name.arguments[1].arguments if by_shape else name.arguments[1:])
        strides = [each.number for each in name.arguments[2].arguments] if by_shape and len(name.arguments) > 2 else None
        symbols = sum(is_symbol(extent) for _, extent in self.axes) + sum(is_symbol(stride) for stride in strides or [])
        # A row-major view is written without its layout by some compilers, and with it by others: its strides are those words.
        words = []
        if symbols or any(is_symbol(extent) for _, extent in self.axes):
            words = [word.integer() for word in value.field("mapping_").field("word").items()]
        take = iter(words)
        self.extents = [next(take) if is_symbol(extent) else extent for _, extent in self.axes]
        if strides is None:
            self.strides = row_major(self.extents)
        else:
            self.strides = [next(take) if is_symbol(stride) else stride for stride in strides]
        self.value = value
        self.written_strides = strides is not None

    def summary(self):
        text = f"{self.kind} of {self.element} {axes_text(self.axes, self.extents)}"
        if self.kind == "view" or self.strides != row_major(self.extents):
            text += f", strides [{', '.join(map(str, self.strides))}]"
        return text

    def size(self):
        size = 1
        for extent in self.extents:
            size *= extent
        return size

    def first(self):
        """The pointer to the first element."""
        if self.kind == "view":
            return self.value.field("data_")
        storage = self.value.field("storage_")
        offset = self.value.field("offset_").integer()
        data = storage.field("data_")
        return data.moved(offset) if data else storage.field("elements_").items_pointer().moved(offset)

    def element_at(self, number):
        """("[0, 2, 1]", value) of the element of that number in row-major order."""
        index, place = [], 0
        for extent, stride in reversed(list(zip(self.extents, self.strides))):
            index.insert(0, number % extent)
            place += number % extent * stride
            number //= extent
        return "[" + ", ".join(map(str, index)) + "]", self.first().pointed(place)

    def elements(self):
        return [self.element_at(i) for i in range(min(self.size(), MOST_ELEMENTS))]


class Cache:
    """kv_cache, kv_ring and paged_sequence: what they have room for, and how much is there."""

    KINDS = ("kv_cache", "kv_ring")

    def __init__(self, name, value):
        self.name, self.value = name, value
        self.axes = axes_of(name.arguments[1:])

    def summary(self):
        text = f"{self.name.template} of {self.name.arguments[0].text.removeprefix('conform::')} {axes_text(self.axes)}, "
        if self.name.template == "kv_ring":
            return text + f"length {self.value.field('length_').integer()}"
        lengths = self.value.field("lengths_")
        tensor = Tensor(Name(lengths.type_name()), lengths)
        values = [value.integer() for _, value in tensor.elements()]
        return text + (f"lengths [{', '.join(map(str, values))}]" if tensor.axes else f"length {values[0]}")

    def elements(self):
        return []


class Axes:
    """A shape, or one axis: nothing is in the value."""

    def __init__(self, name, value):
        self.text = axes_text(axes_of(name.arguments)) if name.template == "shape" else axes_text([axis_of(name)])[1:-1]

    def summary(self):
        return self.text

    def elements(self):
        return []


class Bfloat16:
    def __init__(self, name, value):
        self.bits = value.field("bits_").integer()

    def summary(self):
        import struct
        return "%g" % struct.unpack("<f", struct.pack("<I", self.bits << 16))[0]

    def elements(self):
        return []


def shown_as(type_name):
    """Which of the classes above shows a type, or None."""
    name = Name(type_name)
    if not name.in_conform:
        return None
    for kind in (Tensor, Cache):
        if name.template in kind.KINDS and name.arguments:
            return kind
    if name.template == "bfloat16" and not name.arguments:
        return Bfloat16
    if name.template == "shape" or (axis_of(name) and name.template not in ("layout", "binding", "position", "words")):
        return Axes
    return None


# --- gdb

def load_into_gdb(gdb):
    class Value:
        def __init__(self, value):
            self.value = value

        def field(self, name):
            try:
                return Value(self.value[name])
            except gdb.error:
                return None

        def integer(self):
            return int(self.value)

        def type_name(self):
            return str(self.value.type.strip_typedefs())

        def items_pointer(self):  # of a std::array
            first = self.value["_M_elems"]
            return Value(first[0].address)

        def items(self):
            count = self.value["_M_elems"].type.strip_typedefs().range()[1] + 1
            return [Value(self.value["_M_elems"][i]) for i in range(count)]

        def moved(self, by):
            return Value(self.value + by)

        def pointed(self, at):
            return Value((self.value + at).dereference())

    class Printer:
        def __init__(self, shown):
            self.shown = shown

        def to_string(self):
            return self.shown.summary()

        def children(self):
            return iter([(name, value.value) for name, value in self.shown.elements()])

    def look_up(value):
        kind = shown_as(str(value.type.strip_typedefs().unqualified()))
        if kind is None or value.type.strip_typedefs().code not in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
            return None
        try:
            return Printer(kind(Name(str(value.type.strip_typedefs().unqualified())), Value(value)))
        except (gdb.error, AttributeError, StopIteration):
            return None  # memory that is not there yet is shown as it is

    look_up.name, look_up.enabled = "conform", True
    gdb.printing.register_pretty_printer(gdb.current_objfile(), look_up, replace=True)


# --- LLDB

def find_field(value, name):
    found = value.GetChildMemberWithName(name)
    if found.IsValid():
        return found
    for i in range(value.GetNumChildren()):
        base = value.GetChildAtIndex(i)
        if i < value.GetType().GetNumberOfDirectBaseClasses():
            found = find_field(base, name)
            if found is not None:
                return found
    return None


class LldbValue:
    def __init__(self, value):
        self.value = value.GetNonSyntheticValue()

    def field(self, name):
        found = find_field(self.value, name)
        return LldbValue(found) if found is not None else None

    def integer(self):
        return self.value.GetValueAsUnsigned()

    def type_name(self):
        return self.value.GetType().GetCanonicalType().GetName()

    def items_pointer(self):
        return LldbValue(self.value.GetChildMemberWithName("_M_elems").GetChildAtIndex(0).AddressOf())

    def items(self):
        elements = self.value.GetChildMemberWithName("_M_elems")
        return [LldbValue(elements.GetChildAtIndex(i)) for i in range(elements.GetNumChildren())]

    def moved(self, by):
        kind = self.value.GetType()
        address = self.value.GetValueAsUnsigned() + by * kind.GetPointeeType().GetByteSize()
        data = self.value.GetTarget().CreateValueFromAddress("moved", self.value.GetTarget().ResolveLoadAddress(address),
                                                             kind.GetPointeeType())
        return LldbValue(data.AddressOf())

    def pointed(self, at):
        kind = self.value.GetType().GetPointeeType()
        address = self.value.GetValueAsUnsigned() + at * kind.GetByteSize()
        target = self.value.GetTarget()
        return LldbValue(target.CreateValueFromAddress("element", target.ResolveLoadAddress(address), kind))


def lldb_shown(value):
    plain = value.GetNonSyntheticValue()
    name = plain.GetType().GetCanonicalType().GetName()
    kind = shown_as(name)
    if kind is None:
        return None
    try:
        return kind(Name(name), LldbValue(plain))
    except (AttributeError, StopIteration, IndexError):
        return None


def lldb_summary(value, _):
    shown = lldb_shown(value)
    return shown.summary() if shown else None


class LldbElements:
    def __init__(self, value, _):
        self.value, self.elements = value, []

    def update(self):
        shown = lldb_shown(self.value)
        self.elements = shown.elements() if shown else []
        return False

    def num_children(self):
        return len(self.elements)

    def get_child_index(self, name):
        names = [each for each, _ in self.elements]
        return names.index(name) if name in names else -1

    def get_child_at_index(self, i):
        name, element = self.elements[i]
        value = element.value
        return self.value.CreateValueFromAddress(name, value.GetLoadAddress(), value.GetType())


def __lldb_init_module(debugger, _):
    pattern = "^conform::(tensor|inplace_tensor|strided_tensor|tensor_view|kv_cache|kv_ring)<.*>$"
    module = __name__
    debugger.HandleCommand(f'type synthetic add -x "{pattern}" --python-class {module}.LldbElements -w conform')
    for each in (pattern, "^conform::shape<.*>$", "^conform::bfloat16$", "^conform::[a-z_]+<[0-9]+[uUlL]*>$"):
        debugger.HandleCommand(f'type summary add -x "{each}" --python-function {module}.lldb_summary --expand -w conform')
    debugger.HandleCommand("type category enable conform")


try:
    import gdb
    import gdb.printing
    load_into_gdb(gdb)
except ImportError:
    pass  # LLDB calls __lldb_init_module; anybody else has the names
