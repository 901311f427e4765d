using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>
/// A text of the configuration with variables and captures in it (nginx: complex value), compiled to a flat list of parts.
/// </summary>
internal sealed class ComplexValue
{
    private readonly Part[] _parts;

    private ComplexValue(string source, Part[] parts) => (Source, _parts) = (source, parts);

    /// <summary>A part: a literal, a variable, or the number of a capture.</summary>
    internal readonly record struct Part(byte[]? Literal, Variable? Variable, int Capture);

    public static ComplexValue Empty { get; } = new("", []);

    /// <summary>As the configuration has it.</summary>
    public string Source { get; }

    /// <summary>True without variables and captures.</summary>
    public bool IsLiteral => _parts.Length == 0 || (_parts.Length == 1 && _parts[0].Literal is not null);

    /// <summary>The bytes of one without variables.</summary>
    public byte[] Literal => _parts.Length == 0 ? [] : _parts[0].Literal!;

    /// <summary>The variable, if it is just one.</summary>
    public Variable? SingleVariable => _parts.Length == 1 ? _parts[0].Variable : null;

    /// <summary>Every variable in it.</summary>
    public IEnumerable<Variable> Variables => _parts.Where(p => p.Variable is not null).Select(p => p.Variable!);

    public static ComplexValue OfLiteral(string text) => text.Length == 0 ? Empty : new(text, [new(Latin1.Bytes(text), null, 0)]);

    /// <summary>Compiles <c>$name</c>, <c>${name}</c>, <c>$1</c> to <c>$9</c>. Throws <see cref="ConfigurationException"/>.</summary>
    /// <param name="plainCaptures">In a log format <c>$1</c> is a variable like any other (and no request knows it).</param>
    public static ComplexValue Compile(string source, VariableTable variables, bool plainCaptures = false)
    {
        if (!source.Contains('$'))
            return OfLiteral(source);
        var parts = new List<Part>();
        for (var at = 0; at < source.Length;)
        {
            if (source[at] != '$')
            {
                var end = source.IndexOf('$', at);
                end = end < 0 ? source.Length : end;
                parts.Add(new Part(Latin1.Bytes(source[at..end]), null, 0));
                at = end;
                continue;
            }
            at++;
            if (!plainCaptures && at < source.Length && source[at] is >= '1' and <= '9')
                parts.Add(new Part(null, null, source[at++] - '0'));
            else
                parts.Add(new Part(null, variables.Use(NameAt(source, ref at)), 0));
        }
        return new ComplexValue(source, [.. parts]);
    }

    /// <summary>How many variables and captures a text names: any dollar sign counts.</summary>
    public static bool HasVariables(string source) => source.Contains('$');

    /// <summary>The value for a request.</summary>
    public ReadOnlyMemory<byte> Evaluate(RequestValues values)
    {
        if (IsLiteral)
            return Literal;
        if (SingleVariable is { } variable)
            return values.Get(variable);
        return values.Compose(this, static (value, v, output) =>
        {
            value.Write(v, output);
            return true;
        }, out _);
    }

    /// <summary>Writes the value for a request.</summary>
    public void Write(RequestValues values, IBufferWriter<byte> output) => Write(values, output, escapesCaptures: false);

    /// <summary>Writes the value for a log: each variable is escaped as the format says, and one without a value is a dash.</summary>
    public void WriteLogged(RequestValues values, IBufferWriter<byte> output, LogEscape escape)
    {
        foreach (var part in _parts)
        {
            if (part.Literal is { } literal)
                output.Write(literal);
            else if (part.Variable is { } variable)
                LogText.Write(values.TryGet(variable, out var value), value.Span, output, escape);
        }
    }

    /// <summary>As <c>Write</c>, with captures escaped as values among arguments.</summary>
    public void WriteEscaped(RequestValues values, IBufferWriter<byte> output) => Write(values, output, escapesCaptures: true);

    private void Write(RequestValues values, IBufferWriter<byte> output, bool escapesCaptures)
    {
        foreach (var part in _parts)
        {
            if (part.Literal is { } literal)
                output.Write(literal);
            else if (part.Variable is { } variable)
                output.Write(values.Get(variable).Span);
            else if (escapesCaptures)
                UriEscape.Argument(values.Captures[part.Capture], output);
            else
                output.Write(values.Captures[part.Capture]);
        }
    }

    private static string NameAt(string source, ref int at)
    {
        var braced = at < source.Length && source[at] == '{';
        if (braced)
            at++;
        if (at >= source.Length)
            throw new ConfigurationException("invalid variable name");
        var start = at;
        while (at < source.Length && (char.IsAsciiLetterOrDigit(source[at]) || source[at] == '_'))
            at++;
        var name = source[start..at];
        if (braced && (at >= source.Length || source[at++] != '}'))
            throw new ConfigurationException($"the closing bracket in \"{name}\" variable is missing");
        return name.Length > 0 ? name : throw new ConfigurationException("invalid variable name");
    }
}
