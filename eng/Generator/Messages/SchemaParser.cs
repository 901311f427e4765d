using System.Globalization;

namespace Microcosm.Generator.Messages;

/// <summary>Reads the schema language; README.md describes it.</summary>
internal sealed class SchemaParser
{
    private readonly SchemaFile _file = new();
    private readonly string[] _lines;
    private (int Key, string Name)? _api;
    private MessageSchema? _message;

    // Structs around the line, with the indent of their fields.
    private readonly Stack<(StructSchema Struct, int Indent)> _open = new();

    private SchemaParser(string text) => _lines = text.Split('\n');

    public static SchemaFile Parse(string text)
    {
        var parser = new SchemaParser(text);
        try
        {
            for (var i = 0; i < parser._lines.Length; i++)
                parser.Line(parser._lines[i].TrimEnd(), i);
            parser.Finish();
        }
        catch (SchemaException e)
        {
            parser._file.Problems.Add((e.Line, e.Message));
        }
        return parser._file;
    }

    private void Line(string line, int at)
    {
        var text = line.TrimStart(' ');
        var indent = line.Length - text.Length;
        if (text.Length == 0 || text[0] == '#')
            return;
        if (indent == 0)
        {
            Finish();
            Head(text.Split([' '], StringSplitOptions.RemoveEmptyEntries), at);
            return;
        }
        if (_message is null || indent % 2 != 0)
            throw new SchemaException(at, "a field stands in no message or not two blanks deeper");
        while (_open.Peek().Indent > indent)
            _open.Pop();
        if (indent == 2 && text.StartsWith("struct ", StringComparison.Ordinal))
            OpenStruct(text.Substring(7).Trim(), 4, at);
        else if (_open.Peek().Indent == indent)
            Field(_open.Peek().Struct, text, at);
        else
            Nested(text, indent, at);
    }

    private void Field(StructSchema owner, string text, int at)
    {
        var field = FieldLine.Parse(text, at);
        if (owner.Fields.Any(f => f.Name == field.Name || (f.Tag >= 0 && f.Tag == field.Tag)))
            throw new SchemaException(at, $"{owner.Name} has a field {field.Name} or its tag already");
        if (owner.Name == field.Name && owner == _message!.Root)
            throw new SchemaException(at, $"{field.Name} is the message's own name");
        if (field.Tag >= 0 && field.Versions.Lowest < _message!.FirstFlexible && _message.Versions.Lowest < _message.FirstFlexible)
            throw new SchemaException(at, $"{field.Name} has a tag in versions that are not flexible");
        owner.Fields.Add(field);
    }

    // A deeper line opens the struct that the field above it names.
    private void Nested(string text, int indent, int at)
    {
        var (owner, outer) = _open.Peek();
        if (indent != outer + 2 || owner.Fields.Count == 0 || !owner.Fields[owner.Fields.Count - 1].IsStruct)
            throw new SchemaException(at, "a field stands deeper than the struct above");
        OpenStruct(owner.Fields[owner.Fields.Count - 1].Type, indent, at);
        Field(_open.Peek().Struct, text, at);
    }

    private void OpenStruct(string name, int indent, int at)
    {
        if (name.Length == 0 || _message!.Structs.ContainsKey(name) || name == _message.Name)
            throw new SchemaException(at, $"there is a struct '{name}' already");
        var made = new StructSchema(name, at);
        _message.Structs.Add(name, made);
        _open.Push((made, indent));
    }

    private void Head(string[] words, int at)
    {
        switch (words[0])
        {
            case "api" when words.Length == 3:
                if (!short.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var key))
                    throw new SchemaException(at, $"'{words[1]}' is no API key");
                _api = (key, words[2]);
                return;
            case "request" or "response" when words.Length is 2 or 4 && _api is { } api:
                Open(words[0] == "request" ? api.Name + "Request" : api.Name + "Response", api.Key, words, 1, at);
                return;
            case "record" when words.Length is 3 or 5:
                Open(words[1], -1, words, 2, at);
                return;
            default:
                throw new SchemaException(at, "expected 'api KEY NAME', 'request VERSIONS', 'response VERSIONS' or 'record NAME VERSIONS'");
        }
    }

    private void Open(string name, int key, string[] words, int first, int at)
    {
        var versions = FieldLine.Range(words[first], at);
        var flexible = short.MaxValue;
        if (words.Length > first + 1)
        {
            if (words[first + 1] != "flexible")
                throw new SchemaException(at, $"'{words[first + 1]}' is not understood");
            flexible = FieldLine.Range(words[first + 2], at).Lowest;
        }
        if (versions.Highest == short.MaxValue)
            throw new SchemaException(at, $"{name} needs a highest version");
        _message = new MessageSchema(name, key, versions, flexible, at);
        _open.Clear();
        _open.Push((_message.Root, 2));
    }

    private void Finish()
    {
        if (_message is not { } message)
            return;
        _message = null;
        var fields = message.Root.Fields.Concat(message.Structs.Values.SelectMany(s => s.Fields)).ToArray();
        if (fields.FirstOrDefault(f => f.IsStruct && !message.Structs.ContainsKey(f.Type)) is { } unknown)
            throw new SchemaException(unknown.Line, $"there is no struct '{unknown.Type}'");
        if (message.Structs.Values.FirstOrDefault(s => Holds(message, s, s, 0)) is { } circle)
            throw new SchemaException(circle.Line, $"{circle.Name} holds itself");
        if (_file.RequestOf(message) is { } request)
            RefusalCode.Check(message, request);
        _file.Messages.Add(message);
    }

    // Messages have no recursive structs, and a reader of one would need a limit of depth.
    private static bool Holds(MessageSchema message, StructSchema outer, StructSchema sought, int depth) =>
        depth > message.Structs.Count || outer.Fields.Where(f => f.IsStruct).Select(f => message.Structs[f.Type])
            .Any(s => s == sought || Holds(message, s, sought, depth + 1));
}
