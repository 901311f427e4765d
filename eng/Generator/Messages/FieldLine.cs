using System.Globalization;
using System.Text.RegularExpressions;

namespace Microcosm.Generator.Messages;

/// <summary>Reads one field: <c>Name type[?[nullable versions]] [versions] [tag=N] [ignorable] [of=FIELD] [refused=NUMBER] [=
/// default]</c>.</summary>
internal static class FieldLine
{
    private static readonly Regex Name = new("^[A-Z][A-Za-z0-9]*$");
    private static readonly Regex Number = new("^(-?[0-9]{1,19}|0x[0-9a-f]{1,16})$");

    /// <exception cref="SchemaException">It is no such line.</exception>
    public static FieldSchema Parse(string text, int line)
    {
        var words = text.Split([' '], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !Name.IsMatch(words[0]))
            throw new SchemaException(line, "a field is 'Name type ...'");
        var isArray = words[1].StartsWith("[]", StringComparison.Ordinal);
        var typed = (isArray ? words[1].Substring(2) : words[1]).Split('?');
        var type = typed[0];
        if (typed.Length > 2 || (!Primitives.Known.ContainsKey(type) && !Name.IsMatch(type)))
            throw new SchemaException(line, $"'{words[1]}' is no type");
        var nullable = typed.Length == 1 ? VersionRange.None : typed[1].Length == 0 ? VersionRange.All : Range(typed[1], line);
        if (typed.Length == 2 && !isArray && Primitives.Known.ContainsKey(type) && !Primitives.CanBeNull(type))
            throw new SchemaException(line, $"{type} cannot be null");

        var (versions, tag, isIgnorable, given) = (VersionRange.All, -1, false, (string?)null);
        var (of, refused) = ((string?)null, (string?)null);
        for (var i = 2; i < words.Length; i++)
        {
            if (words[i] == "=" && i == words.Length - 2)
                given = words[++i];
            else if (words[i] == "ignorable")
                isIgnorable = true;
            else if (words[i].StartsWith("tag=", StringComparison.Ordinal))
                tag = Tag(words[i].Substring(4), line);
            else if (words[i].StartsWith("of=", StringComparison.Ordinal))
                of = words[i].Substring(3);
            else if (words[i].StartsWith("refused=", StringComparison.Ordinal) && Number.IsMatch(words[i].Substring(8)))
                refused = words[i].Substring(8);
            else if (i == 2)
                versions = Range(words[i], line);
            else
                throw new SchemaException(line, $"'{words[i]}' is not understood");
        }
        var field = new FieldSchema(words[0], type, isArray, nullable, versions, tag, isIgnorable, given, line, of, refused);
        CheckDefault(field);
        return field;
    }

    /// <exception cref="SchemaException">It is no range.</exception>
    public static VersionRange Range(string text, int line) =>
        VersionRange.TryParse(text, out var range) ? range : throw new SchemaException(line, $"'{text}' is no range of versions");

    private static int Tag(string text, int line) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var tag)
            ? tag
            : throw new SchemaException(line, $"'{text}' is no tag");

    private static void CheckDefault(FieldSchema field)
    {
        var fits = field.Default switch
        {
            null => true,
            "null" => field.IsNullable,
            "true" or "false" => field is { Type: "bool", IsArray: false },
            var number => Number.IsMatch(number) && !field.IsArray && !field.IsStruct
                && field.Type is not ("bool" or "uuid") && !Primitives.CanBeNull(field.Type),
        };
        if (!fits)
            throw new SchemaException(field.Line, $"'{field.Default}' is no default of {field.Name}");
    }
}
