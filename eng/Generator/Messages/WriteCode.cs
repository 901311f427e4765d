using System.Text;

namespace Microcosm.Generator.Messages;

/// <summary>Writes what writes a struct.</summary>
internal static class WriteCode
{
    private const string Indent = "            ";

    public static void Write(StringBuilder text, MessageSchema message, StructSchema type, string className, bool isRoot)
    {
        text.AppendLine("        public void Write(MessageWriter writer, short version)");
        text.AppendLine("        {");
        if (isRoot)
        {
            text.AppendLine($"            if (version < {message.Versions.Lowest} || version > {message.Versions.Highest})");
            text.AppendLine($"                {Refusal($"{className} has no version")}");
        }
        foreach (var field in type.Fields.Where(f => !f.IsIgnorable && f.Versions.Condition(message.Versions).Length > 0))
        {
            text.AppendLine($"            if (!({field.Versions.Condition(message.Versions)}) && !({MessageCode.IsDefault(field)}))");
            text.AppendLine($"                {Refusal($"{className}.{field.Name} does not exist in version")}");
        }
        foreach (var field in type.InOrder)
        {
            ReadCode.Guarded(text, field.Versions.Condition(message.Versions), Indent,
                indent => Value(text, message, field, "writer", indent));
        }
        var flexible = new VersionRange(message.FirstFlexible, short.MaxValue);
        if (message.FirstFlexible <= message.Versions.Highest)
            ReadCode.Guarded(text, flexible.Condition(message.Versions), Indent, indent => Tags(text, message, type, indent));
        text.AppendLine("        }");
    }

    private static void Value(StringBuilder text, MessageSchema message, FieldSchema field, string writer, string indent)
    {
        var name = "this." + field.Name;
        var nullable = field.Nullable.Condition(message.Versions);
        if (field.IsNullable && nullable.Length > 0)
        {
            text.AppendLine($"{indent}if ({name} is null && !({nullable}))");
            text.AppendLine($"{indent}    {Refusal($"{field.Name} is null, which cannot be said in version")}");
        }
        if (field.IsArray)
        {
            text.AppendLine($"{indent}{writer}.WriteCount({name}{(field.IsNullable ? "?.Count ?? -1" : ".Count")});");
            text.AppendLine($"{indent}foreach (var one in {name}{(field.IsNullable ? " ?? []" : "")})");
            text.AppendLine(field.IsStruct
                ? $"{indent}    one.Write({writer}, version);"
                : $"{indent}    {writer}.Write{Primitives.Known[field.Type].Method}(one);");
        }
        else if (!field.IsStruct)
        {
            var kind = field.IsNullable ? "Nullable" : "";
            text.AppendLine($"{indent}{writer}.Write{kind}{Primitives.Known[field.Type].Method}({name});");
        }
        else if (field.IsNullable)
        {
            var presence = $"{writer}.WriteIsPresent({name} is not null);";
            text.AppendLine(nullable.Length > 0 ? $"{indent}if ({nullable}) {presence}" : indent + presence);
            text.AppendLine($"{indent}{name}?.Write({writer}, version);");
        }
        else
        {
            text.AppendLine($"{indent}{name}.Write({writer}, version);");
        }
    }

    // A tagged field is written only if it has another value than its default.
    private static void Tags(StringBuilder text, MessageSchema message, StructSchema type, string indent)
    {
        if (!type.Tagged.Any())
        {
            text.AppendLine($"{indent}writer.WriteUnsignedVarint(0);");
            return;
        }
        text.AppendLine($"{indent}var count = 0u;");
        foreach (var field in type.Tagged)
            text.AppendLine($"{indent}if ({Present(message, field)}) count++;");
        text.AppendLine($"{indent}writer.WriteUnsignedVarint(count);");
        foreach (var field in type.Tagged)
        {
            ReadCode.Guarded(text, Present(message, field), indent, inner =>
            {
                text.AppendLine($"{inner}var tagged = new MessageWriter(isFlexible: true);");
                Value(text, message, field, "tagged", inner);
                text.AppendLine($"{inner}writer.WriteTagged({field.Tag}, tagged);");
            });
        }
    }

    private static string Refusal(string text) =>
        $"throw new global::System.InvalidOperationException(\"{text} \" + version);";

    private static string Present(MessageSchema message, FieldSchema field)
    {
        var condition = field.Versions.Condition(message.Versions);
        return (condition.Length == 0 ? "" : $"({condition}) && ") + $"!({MessageCode.IsDefault(field)})";
    }
}
