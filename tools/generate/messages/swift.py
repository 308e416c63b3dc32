"""The Swift text of a schema. It is read by people: in the style of the project, with the .proto files' comments."""

from __future__ import annotations

import textwrap

from .schema import BY_HAND, JSON, RECEIVED, SENT, Enumeration, Field, Message, Schema, camel_case

WIDTH = 120
# A message of more fields is filled field by field.
MOST_ARGUMENTS = 8

SWIFT_TYPES = {
    "uint32": ("UInt32", "0"),
    "uint64": ("UInt64", "0"),
    "int64": ("Int64", "0"),
    "fixed64": ("UInt64", "0"),
    "double": ("Double", "0"),
    "bool": ("Bool", "false"),
    "string": ("String", '""'),
    "bytes": ("[UInt8]", "[]"),
}
# The call that encodes a field of this kind.
ENCODE = {
    "uint32": "wire.varint({number}, UInt64({name}))",
    "uint64": "wire.varint({number}, {name})",
    "int64": "wire.varint({number}, UInt64(bitPattern: {name}))",
    "fixed64": "wire.fixed64({number}, {name})",
    "double": "wire.double({number}, {name})",
    "bool": "wire.bool({number}, {name})",
    "string": "wire.string({number}, {name})",
    "bytes": "wire.string({number}, {name})",
    "enum": "wire.varint({number}, UInt64({name}.rawValue))",
}
# The value on the wire, and what it is in Swift.
DECODE = {
    "uint32": (".varint(let number)", "UInt32(truncatingIfNeeded: number)"),
    "uint64": (".varint(let number)", "number"),
    "int64": (".varint(let number)", "Int64(bitPattern: number)"),
    "fixed64": (".fixed64(let bits)", "bits"),
    "double": (".fixed64(let bits)", "Double(bitPattern: bits)"),
    "bool": (".varint(let number)", "number != 0"),
    "string": (".bytes(let range)", "try String(wire: bytes, range)"),
    "bytes": (".bytes(let range)", "range.map { bytes[$0] }"),
}
JSON_KINDS = {
    "uint32": ".number",
    "uint64": ".unsigned",
    "int64": ".signed",
    "fixed64": ".unsigned",
    "double": ".double",
    "bool": ".bool",
    "string": ".text",
}


def source(schema: Schema, file: str) -> str:
    """The values of one .proto file, with what the daemon does with them."""
    sent, received, shown = (schema.reachable(names) for names in (SENT, RECEIVED, JSON))
    messages = [m for m in schema.messages.values() if m.file == file]
    parts = [header(file)]
    parts += [
        extension("Wire", enumeration(e)) for e in schema.enumerations.values() if e.file == file and "." not in e.name
    ]
    for message in messages:
        if message.name in BY_HAND:
            parts.append(extension("Wire", field_numbers(message)))
            continue
        parts.append(extension("Wire", structure(schema, message)))
        if message.name in sent:
            parts.append(encoder(message))
        if message.name in received:
            parts.append(decoder(schema, message))
    tables = [table(m) for m in messages if m.name in shown]
    if tables:
        parts.append(extension("JSONSchema", "\n\n".join(tables)))
    named = {f.type_name for m in schema.messages.values() if m.name in shown for f in m.fields if f.kind == "enum"}
    parts += [value_names(e) for e in schema.enumerations.values() if e.file == file and e.name in named]
    return "\n".join(parts)


def fixtures(schema: Schema) -> str:
    """For tests: decoders of what is sent, encoders of what is received, and all beside SwiftProtobuf's types."""
    sent, received = schema.reachable(SENT), schema.reachable(RECEIVED)
    messages = [m for m in schema.messages.values() if m.name not in BY_HAND]
    parts = [header("*"), "import Messages\npackage import Publishing\n"]
    parts += [decoder(schema, m) for m in messages if m.name not in received]
    parts += [encoder(m) for m in messages if m.name not in sent]
    pairs = "\n".join(
        f"WirePair(Wire.{m.name}.self, Hfloc_V1_{m.name}.self, isReceived: {str(m.name in received).lower()}),"
        for m in messages
    )
    parts.append(extension("WirePair", "static let all = [\n" + indented(pairs) + "\n]"))
    return "\n".join(parts)


def header(file: str) -> str:
    return (
        f"// Written by tools/generate/generate-wire from hfloc/v1/{file}.proto. Not to be changed by hand.\n"
        "// swift-format-ignore-file\n"
    )


def extension(name: str, body: str) -> str:
    return f"extension {name} {{\n{indented(body)}\n}}\n"


def indented(text: str) -> str:
    return textwrap.indent(text, "    ")


def documentation(comment: str, indent: int) -> str:
    """A .proto file's comment as a doc comment, wrapped anew for what stands `indent` deep."""
    lines: list[str] = []
    for paragraph in filter(None, (" ".join(p.split()) for p in comment.split("\n\n"))):
        lines += ["///"] if lines else []
        lines += textwrap.wrap(
            paragraph,
            WIDTH - indent,
            initial_indent="/// ",
            subsequent_indent="/// ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "".join(line + "\n" for line in lines)


def enumeration(enum: Enumeration, depth: int = 1) -> str:
    cases = [documentation(v.comment, 4 * depth + 4) + f"case {v.swift} = {v.number}" for v in enum.values]
    head = (
        documentation(enum.comment, 4 * depth) + f"public enum {enum.simple_name}: UInt8, Sendable, CaseIterable {{\n"
    )
    return head + indented("\n".join(cases)) + "\n}"


def value_names(enum: Enumeration) -> str:
    """As JSON has them."""
    lines = [f'{v.number}: "{v.name}",' for v in enum.values]
    body = (
        "/// The names of the .proto file, by number.\nstatic let names: [UInt64: String] = [\n"
        + indented("\n".join(lines))
        + "\n]"
    )
    return extension(f"Wire.{enum.name}", body)


def field_numbers(message: Message) -> str:
    lines = [documentation(f.comment, 8) + f"static let {f.swift} = {f.number}" for f in message.fields]
    head = f"/// The numbers of the fields of `{message.full_name}`.\nenum {message.name}Field {{\n"
    return head + indented("\n".join(lines)) + "\n}"


def property_type(schema: Schema, field: Field) -> tuple[str, str]:
    """Type and default of a property."""
    match field.kind:
        case "message" if field.is_repeated:
            return f"[Wire.{field.type_name}]", "[]"
        case "message":
            return f"Wire.{field.type_name}?", "nil"
        case "enum":
            return f"Wire.{field.type_name}", "." + schema.enumerations[field.type_name].values[0].swift
        case kind if field.is_repeated:
            return f"[{SWIFT_TYPES[kind][0]}]", "[]"
        case kind:
            return SWIFT_TYPES[kind]


def structure(schema: Schema, message: Message) -> str:
    members = []
    for field in message.fields:
        if field.oneof:
            continue
        kind, default = property_type(schema, field)
        members.append(documentation(field.comment, 8) + f"public var {field.swift}: {kind} = {default}")
    for name, comment in message.oneofs.items():
        members.append(documentation(comment, 8) + f"public var {camel_case(name)}: {name.title()}?")
    body = "\n".join(members) + "\n\n" * bool(members) + "public init() {}"
    if not message.oneofs and 0 < len(message.fields) <= MOST_ARGUMENTS:
        body += "\n\n" + initializer(schema, message)
    body += "".join("\n\n" + enumeration(e, depth=2) for e in schema.enumerations.values() if e.owner == message.name)
    body += "".join("\n\n" + choice(schema, message, name) for name in message.oneofs)
    return (
        documentation(message.comment, 4)
        + f"public struct {message.name}: Sendable, Equatable {{\n{indented(body)}\n}}"
    )


def initializer(schema: Schema, message: Message) -> str:
    arguments = [f"{f.swift}: {' = '.join(property_type(schema, f))}" for f in message.fields]
    assignments = [f"self.{f.swift} = {f.swift}" for f in message.fields]
    return "public init(\n" + indented(",\n".join(arguments)) + "\n) {\n" + indented("\n".join(assignments)) + "\n}"


def choice(schema: Schema, message: Message, oneof: str) -> str:
    """The enum of a oneof."""
    cases = []
    for field in message.fields:
        if field.oneof == oneof:
            comment = field.comment or schema.messages[field.type_name].comment
            cases.append(documentation(comment, 12) + f"case {field.swift}(Wire.{field.type_name})")
    head = documentation(message.oneofs[oneof], 8) + f"public enum {oneof.title()}: Sendable, Equatable {{\n"
    return head + indented("\n".join(cases)) + "\n}"


def encoder(message: Message) -> str:
    """In ascending order of the fields' numbers, as every encoder of protobuf writes them."""
    lines, oneofs = [], set()
    for field in sorted(message.fields, key=lambda f: f.number):
        if not field.oneof:
            lines.append(encoding(field))
        elif field.oneof not in oneofs:
            oneofs.add(field.oneof)
            lines.append(choice_encoding([f for f in message.fields if f.oneof == field.oneof]))
    body = (
        "package func encode(into wire: inout WireEncoder) {"
        + ("\n" + indented("\n".join(lines)) + "\n" if lines else "")
        + "}"
    )
    return extension(f"Wire.{message.name}: EncodableMessage", body)


def encoding(field: Field) -> str:
    name, number = field.swift, field.number
    match field.kind:
        case "message" if field.is_repeated:
            return f"for value in {name} {{ wire.message({number}) {{ value.encode(into: &$0) }} }}"
        case "message":
            return f"if let {name} {{ wire.message({number}) {{ {name}.encode(into: &$0) }} }}"
        case "double" if field.is_repeated:
            return f"wire.packedDoubles({number}, count: {name}.count)\nfor value in {name} {{ wire.element(value) }}"
        case kind:
            return ENCODE[kind].format(number=number, name=name)


def choice_encoding(fields: list[Field]) -> str:
    lines = [f"case .{f.swift}(let value)?: wire.message({f.number}) {{ value.encode(into: &$0) }}" for f in fields]
    return f"switch {camel_case(fields[0].oneof)} {{\n" + "\n".join([*lines, "case nil: break"]) + "\n}"


def decoder(schema: Schema, message: Message) -> str:
    """Field by field, as they come: what is sent twice is merged, and what is not known is stepped over."""
    cases = "\n".join(decoding(schema, field) for field in message.fields)
    switch = f"\n    switch (field, value) {{\n{indented(cases)}\n    default: break\n    }}\n" if cases else ""
    body = (
        "package mutating func take(\n    _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>\n"
        f") throws(Wire.Malformed) {{{switch}}}"
    )
    return extension(f"Wire.{message.name}: DecodableMessage", body)


def decoding(schema: Schema, field: Field) -> str:
    name = field.swift
    if field.kind == "message":
        part = f"try .merging({name}, bytes, range)"
        if field.is_repeated:
            statement = f"{name}.append(try .merging(nil, bytes, range))"
        elif field.oneof:
            oneof = camel_case(field.oneof)
            old = f"let old = if case .{name}(let old)? = {oneof} {{ old }} else {{ Wire.{field.type_name}?.none }}"
            statement = f"\n    {old}\n    {oneof} = .{name}(try .merging(old, bytes, range))"
        else:
            statement = f"{name} = {part}"
        return f"case ({field.number}, .bytes(let range)): {statement}".replace(": \n", ":\n")
    if field.is_repeated:
        return (
            f"case ({field.number}, .bytes(let range)): {name} += try WireReader.doubles(bytes, range)\n"
            f"case ({field.number}, .fixed64(let bits)): {name}.append(Double(bitPattern: bits))"
        )
    if field.kind == "enum":
        # A value of a later version is the default: of all that this one knows, that claims the least.
        unknown = schema.enumerations[field.type_name].values[0].swift
        return f"case ({field.number}, .varint(let number)): {name} = .init(number: number) ?? .{unknown}"
    pattern, value = DECODE[field.kind]
    return f"case ({field.number}, {pattern}): {name} = {value}"


def table(message: Message) -> str:
    """What JSON calls the fields, and how it writes them."""
    lines = []
    for field in message.fields:
        match field.kind:
            case "message":
                kind = f".message(.{lowered(field.type_name)})"
            case "enum":
                kind = f".names(Wire.{field.type_name}.names)"
            case scalar:
                kind = JSON_KINDS[scalar]
        repeated = ", isRepeated: true" if field.is_repeated else ""
        lines.append(f'{field.number}: Field("{field.name}", {kind}{repeated}),')
    access = "package " if message.name in JSON else ""
    head = f"/// `{message.full_name}`.\n{access}static let {lowered(message.name)} = JSONSchema(\n"
    head += f'    "{message.full_name}",\n    [\n'
    return head + indented(indented("\n".join(lines))) + "\n    ])"


def lowered(name: str) -> str:
    return name[:1].lower() + name[1:]
