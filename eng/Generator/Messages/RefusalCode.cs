using System.Text;

namespace Microcosm.Generator.Messages;

/// <summary>
/// Writes what makes, of a request and one error, the response that says it wherever the version says errors: at the top, or at each
/// element, which is named as the request names it.
/// </summary>
internal static class RefusalCode
{
    private const string Suffix = "ErrorCode";
    private const string Element = "*";

    /// <exception cref="SchemaException">An <c>of=</c> names nothing in the request.</exception>
    public static void Check(MessageSchema response, MessageSchema request)
    {
        var fields = request.Structs.Values.Append(request.Root).SelectMany(s => s.Fields);
        var named = new HashSet<string>(fields.Select(f => f.Name)) { Element };
        foreach (var field in response.Structs.Values.Append(response.Root).SelectMany(s => s.Fields))
        {
            if (field.Of?.Split('|').FirstOrDefault(name => !named.Contains(name)) is { } unknown)
                throw new SchemaException(field.Line, $"'{unknown}' is nothing in {request.Name}");
        }
    }

    public static void Write(StringBuilder text, MessageSchema response, MessageSchema request)
    {
        text.AppendLine($"        internal static {response.Name}? Refused(");
        text.AppendLine($"            {request.Name} request, short error, string? message, short version)");
        text.AppendLine("        {");
        text.AppendLine("            var isSaid = false;");
        text.AppendLine($"            var made = new {response.Name}();");
        new Body(text, response, request).Struct("made", response.Root, "request", request.Root, depth: 0);
        text.AppendLine("            return isSaid ? made : null;");
        text.AppendLine("        }");
    }

    private sealed class Body(StringBuilder text, MessageSchema response, MessageSchema request)
    {
        /// <param name="from">Null if the request has no struct there but a value.</param>
        public void Struct(string target, StructSchema to, string source, StructSchema? from, int depth)
        {
            var indent = new string(' ', 12 + (4 * depth));
            var error = to.Fields.FirstOrDefault(IsError);
            foreach (var field in to.Fields.Where(f => !f.IsArray && !f.IsStruct))
            {
                if (Value(field, source, from, isRoot: depth == 0) is { } value)
                    Guarded(indent, field, $"{target}.{field.Name} = {value};");
            }
            var below = error?.Versions.Condition(response.Versions) ?? "false";
            if (error is not null)
                text.AppendLine($"{indent}if ({(below.Length == 0 ? "true" : below)}) {{ {target}.{error.Name} = error; isSaid = true; }}");
            foreach (var field in to.Fields.Where(f => f.IsArray && f.IsStruct))
            {
                // Below an error only what the element is called by: errors are said once.
                var says = Says(response.Structs[field.Type]);
                if (from is null || (says ? below.Length == 0 : field.Of is null))
                    continue;
                foreach (var given in Sources(field, from))
                    Array(target, field, source, given, says && error is not null ? $"!({below})" : "", depth);
            }
        }

        private void Array(string target, FieldSchema field, string source, FieldSchema given, string unless, int depth)
        {
            var indent = new string(' ', 12 + (4 * depth));
            string[] conditions = [unless, field.IsIgnorable ? "" : field.Versions.Condition(response.Versions)];
            var condition = string.Join(" && ", conditions.Where(c => c.Length > 0).Select(c => $"({c})"));
            if (condition.Length > 0)
                text.AppendLine($"{indent}if ({condition})");
            text.AppendLine($"{indent}foreach (var from{depth} in {source}.{given.Name}{(given.IsNullable ? " ?? []" : "")})");
            text.AppendLine($"{indent}{{");
            text.AppendLine($"{indent}    var one{depth} = new {MessageCode.ElementType(response, field)}();");
            var from = given.IsStruct ? request.Structs[given.Type] : null;
            Struct($"one{depth}", response.Structs[field.Type], $"from{depth}", from, depth + 1);
            text.AppendLine($"{indent}    {target}.{field.Name}.Add(one{depth});");
            text.AppendLine($"{indent}}}");
        }

        private void Guarded(string indent, FieldSchema field, string statement)
        {
            var condition = field.IsIgnorable ? "" : field.Versions.Condition(response.Versions);
            text.AppendLine(indent + (condition.Length > 0 ? $"if ({condition}) " : "") + statement);
        }

        /// <summary>C# of what a field has in a refusal; null for its default.</summary>
        private string? Value(FieldSchema field, string source, StructSchema? from, bool isRoot)
        {
            if (field.Name == "ErrorMessage")
                return "message";
            if (field.Refused is { } given)
                return given;
            if (from is null)
                return field.Of == Element ? source : null;
            var name = field.Of is { } of && of != Element ? of : isRoot ? "" : field.Name;
            if (from.Fields.FirstOrDefault(f => f.Name == name && !f.IsArray && f.Type == field.Type) is not { } same)
                return null;
            var value = $"{source}.{same.Name}";
            if (!same.IsNullable || field.Nullable.Lowest <= same.Nullable.Lowest)
                return value;
            return (field.IsNullable ? $"{field.Nullable.Condition(response.Versions)} ? {value} : " : "") + $"{value} ?? \"\"";
        }

        /// <summary>True if it says errors, or something in it does.</summary>
        private bool Says(StructSchema type) =>
            type.Fields.Any(f => IsError(f) || (f.IsStruct && f.IsArray && Says(response.Structs[f.Type])));

        private static IEnumerable<FieldSchema> Sources(FieldSchema field, StructSchema from) =>
            from.Fields.Where(f => f.IsArray && (field.Of?.Split('|') ?? [field.Name]).Contains(f.Name));

        private static bool IsError(FieldSchema field) =>
            field is { IsArray: false, Type: "int16" } && field.Name.EndsWith(Suffix, StringComparison.Ordinal);
    }
}
