using System.Text;

namespace Microcosm.Generator.Messages;

/// <summary>Writes what reads a struct.</summary>
internal static class ReadCode
{
    public static void Write(StringBuilder text, MessageSchema message, StructSchema type, string className, bool isRoot)
    {
        text.AppendLine($"        public static {className} Read(ref MessageReader reader, short version)");
        text.AppendLine("        {");
        if (isRoot)
        {
            text.AppendLine($"            if (version < {message.Versions.Lowest} || version > {message.Versions.Highest})");
            text.AppendLine($"                throw new KafkaFormatException($\"{className} has no version {{version}}.\");");
        }
        text.AppendLine($"            var made = new {className}();");
        foreach (var field in type.InOrder)
            Guarded(text, field.Versions.Condition(message.Versions), "            ", indent => Value(text, message, field, indent));
        var flexible = new VersionRange(message.FirstFlexible, short.MaxValue);
        if (message.FirstFlexible <= message.Versions.Highest)
            Guarded(text, flexible.Condition(message.Versions), "            ", indent => Tags(text, message, type, indent));
        text.AppendLine("            return made;");
        text.AppendLine("        }");
    }

    /// <summary>Statements under a condition, in a block of their own in any case.</summary>
    public static void Guarded(StringBuilder text, string condition, string indent, Action<string> statements)
    {
        if (condition.Length > 0)
            text.AppendLine($"{indent}if ({condition})");
        text.AppendLine(indent + "{");
        statements(indent + "    ");
        text.AppendLine(indent + "}");
    }

    private static void Value(StringBuilder text, MessageSchema message, FieldSchema field, string indent)
    {
        var name = "made." + field.Name;
        var element = MessageCode.ElementType(message, field);
        if (!field.IsArray)
        {
            text.AppendLine($"{indent}{name} = {Single(message, field)};");
            return;
        }
        text.AppendLine($"{indent}var count = reader.ReadCount({message.BytesMin(field)});");
        text.AppendLine($"{indent}if (count < 0)");
        text.AppendLine(indent + "{");
        var nullable = field.Nullable.Condition(message.Versions);
        var refusal = $"throw new KafkaFormatException(\"{field.Name} is null and must not be.\");";
        if (!field.IsNullable)
            text.AppendLine($"{indent}    {refusal}");
        else if (nullable.Length > 0)
            text.AppendLine($"{indent}    if (!({nullable})) {refusal}");
        if (field.IsNullable)
            text.AppendLine($"{indent}    {name} = null;");
        text.AppendLine(indent + "}");
        text.AppendLine($"{indent}else");
        text.AppendLine(indent + "{");
        text.AppendLine($"{indent}    var list = new global::System.Collections.Generic.List<{element}>(count);");
        text.AppendLine($"{indent}    for (var i = 0; i < count; i++)");
        var one = field.IsStruct ? $"{element}.Read(ref reader, version)" : $"reader.Read{Primitives.Known[field.Type].Method}()";
        text.AppendLine($"{indent}        list.Add({one});");
        text.AppendLine($"{indent}    {name} = list;");
        text.AppendLine(indent + "}");
    }

    private static string Single(MessageSchema message, FieldSchema field)
    {
        var element = MessageCode.ElementType(message, field);
        var plain = field.IsStruct ? $"{element}.Read(ref reader, version)" : $"reader.Read{Primitives.Known[field.Type].Method}()";
        if (!field.IsNullable)
            return plain;
        var orNull = field.IsStruct
            ? $"reader.ReadIsPresent() ? {plain} : null"
            : $"reader.ReadNullable{Primitives.Known[field.Type].Method}()";
        var nullable = field.Nullable.Condition(message.Versions);
        return nullable.Length == 0 ? orNull : $"{nullable} ? ({orNull}) : {plain}";
    }

    private static void Tags(StringBuilder text, MessageSchema message, StructSchema type, string indent)
    {
        if (!type.Tagged.Any())
        {
            text.AppendLine($"{indent}reader.SkipTags();");
            return;
        }
        text.AppendLine($"{indent}var tag = -1L;");
        text.AppendLine($"{indent}for (var left = reader.ReadTagCount(); left > 0; left--)");
        text.AppendLine(indent + "{");
        text.AppendLine($"{indent}    tag = reader.ReadTag(tag);");
        text.AppendLine($"{indent}    var size = reader.ReadTaggedSize();");
        text.AppendLine($"{indent}    var end = reader.Position + size;");
        text.AppendLine($"{indent}    switch (tag)");
        text.AppendLine(indent + "    {");
        foreach (var field in type.Tagged)
        {
            var condition = field.Versions.Condition(message.Versions);
            text.AppendLine($"{indent}        case {field.Tag}{(condition.Length == 0 ? "" : " when " + condition)}:");
            text.AppendLine(indent + "        {");
            Value(text, message, field, indent + "            ");
            text.AppendLine($"{indent}            reader.CheckTaggedEnd(end);");
            text.AppendLine($"{indent}            break;");
            text.AppendLine(indent + "        }");
        }
        text.AppendLine($"{indent}        default:");
        text.AppendLine($"{indent}            reader.Skip(size);");
        text.AppendLine($"{indent}            break;");
        text.AppendLine(indent + "    }");
        text.AppendLine(indent + "}");
    }
}
