using System.Globalization;
using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>charset and charset_map.</summary>
internal static class CharsetModule
{
    private const int Utf8BytesMax = 3;

    private static readonly string[] DefaultTypes =
        ["text/html", "text/xml", "text/plain", "text/vnd.wap.wml", "application/javascript", "application/rss+xml"];

    public static readonly Module Module = new("http_charset_module", Contexts.Http);

    /// <summary>A name, a variable's value, or null for off.</summary>
    public static readonly Setting<ComplexValue?> Charset = Declare("charset");

    public static readonly Setting<ComplexValue?> SourceCharset = Declare("source_charset");
    public static readonly Setting<bool> OverrideCharset = Module.Flag("override_charset", AllIf);
    public static readonly Setting<TypeSet> CharsetTypes = TypesDirective.DeclareSet(Module, "charset_types", All, DefaultTypes);
    public static readonly Setting<IReadOnlyList<CharsetMap>> Maps = new("charset_map", []);

    /// <summary>All names that a location of the http part has.</summary>
    public static readonly Setting<IReadOnlyList<string>> Names = new("charset", []);

    static CharsetModule() => Module.Block("charset_map", Contexts.Http, Arity.Two, ReadMap);

    private static Setting<ComplexValue?> Declare(string name) => Module.One<ComplexValue?>(name, AllIf, DirectiveKind.Value, null,
        (call, word) =>
        {
            if (name == "charset" && word == "off")
                return ComplexValue.Empty;
            if (word.StartsWith('$'))
                return ComplexValue.Compile(word, call.Variables);
            var http = call.Level;
            while (http is { Outer: { } outer, Context: not Contexts.Http })
                http = outer;
            http.Add(Names, word);
            return ComplexValue.OfLiteral(word);
        });

    private static void ReadMap(DirectiveCall call)
    {
        var (from, to) = (call[1], call[2]);
        if (Latin1.EqualsIgnoreCase(from, to))
            throw call.Error($"\"charset_map\" between the same charsets \"{from}\" and \"{to}\"");
        if (Latin1.EqualsIgnoreCase(from, "utf-8"))
            throw call.Error("\"charset_map\" with \"utf-8\" charset should be given in the second column");
        call.Level.TryGetOwn(Maps, out var maps);
        if (maps.Any(m => m.IsBetween(from, to)))
            throw call.Error($"duplicate \"charset_map\" between \"{from}\" and \"{to}\"");
        var map = new CharsetMap(from, to);
        call.Level.Add(Maps, map);
        call.Loader.ReadLines(line =>
        {
            if (line.Count != 1)
                throw line.Error("invalid parameters number");
            var source = Bytes(line.Name) is [var b] ? b : throw line.Error($"invalid value \"{line.Name}\"");
            var target = Bytes(line[1]);
            if (target is null or [] || target.Length > (map.IsUtf8 ? Utf8BytesMax : 1))
                throw line.Error($"invalid value \"{line[1]}\"");
            map.Add(source, target);
        });
    }

    // Hexadecimal digits; one alone is a byte too.
    private static byte[]? Bytes(string digits)
    {
        if (digits.Length == 1)
            digits = "0" + digits;
        if (digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigit))
            return null;
        return [.. Enumerable.Range(0, digits.Length / 2)
            .Select(i => byte.Parse(digits.AsSpan(i * 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))];
    }
}
