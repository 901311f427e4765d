namespace Microcosm.Nginx;

/// <summary>A pattern whose named groups are variables of the request.</summary>
internal sealed class VariablePattern
{
    private readonly (Variable Variable, int Group)[] _names;

    private VariablePattern(BytePattern pattern, (Variable, int)[] names) => (Pattern, _names) = (pattern, names);

    public BytePattern Pattern { get; }

    /// <summary>Compiles and declares the named captures.</summary>
    public static VariablePattern Compile(string source, bool ignoreCase, VariableTable variables)
    {
        var pattern = BytePattern.Compile(source, ignoreCase);
        return new VariablePattern(pattern, [.. pattern.Names.Select(n => (variables.Capture(n.Name), n.Group))]);
    }

    /// <summary>Matches; on success <c>$1</c> and the named variables are the request's.</summary>
    public bool Match(ReadOnlySpan<byte> subject, RequestValues values)
    {
        if (!values.Match(Pattern, subject))
            return false;
        foreach (var (variable, group) in _names)
            values.Set(variable, values.Captures[group]);
        return true;
    }
}
