namespace Microcosm.Nginx;

/// <summary>
/// The variables of the http or the stream part: what modules declare, what the configuration declares, what it uses. Names know no case.
/// </summary>
internal sealed class VariableTable(BuiltInVariables builtIns)
{
    private readonly Dictionary<string, VariableOrigin> _declared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Variable> _used = new(StringComparer.Ordinal);
    private readonly List<Variable> _all = [];

    /// <summary>What modules declare; a place in it is the id that an <see cref="IVariableSource"/> is asked by.</summary>
    public BuiltInVariables BuiltIns { get; } = builtIns;

    /// <summary>Every variable in use, by index.</summary>
    public IReadOnlyList<Variable> All => _all;

    /// <summary>The variable of that name, for a use of it. It need not be declared yet.</summary>
    public Variable Use(string name)
    {
        if (name.Length == 0)
            throw new ConfigurationException("invalid variable name \"$\"");
        var lower = Latin1.Lower(name);
        if (!_used.TryGetValue(lower, out var variable))
        {
            variable = new Variable(lower, _all.Count);
            _used.Add(lower, variable);
            _all.Add(variable);
        }
        return variable;
    }

    /// <summary>The variable of that name, in small letters; null where nothing uses it.</summary>
    public Variable? Find(string name) => _used.GetValueOrDefault(name);

    /// <summary>Declares a computed variable (map, geo, split_clients); the last declaration counts.</summary>
    public void Declare(string name, IVariableFormula formula, VariableFlags flags)
    {
        Check(name);
        _declared[Latin1.Lower(name)] = new VariableOrigin.Computed(formula, flags | VariableFlags.Changeable);
    }

    /// <summary>Declares a variable that <c>set</c> or a module assigns, and gives its use.</summary>
    public Variable Assign(string name, VariableFlags flags = VariableFlags.Changeable | VariableFlags.Weak)
    {
        var variable = Use(name);
        Check(name);
        // An origin that computes stays: the assignment overrides it for the request.
        if (Declared(variable.Name) is null)
            _declared.Add(variable.Name, new VariableOrigin.Assigned(flags));
        return variable;
    }

    /// <summary>Declares a named capture, and gives its use.</summary>
    public Variable Capture(string name)
    {
        Check(name);
        var variable = Use(name);
        _declared[variable.Name] = new VariableOrigin.Captured(VariableFlags.Changeable);
        return variable;
    }

    /// <summary>Finds every used variable's origin. Throws for the first that has none, without a place, as nginx does.</summary>
    public void Resolve()
    {
        foreach (var variable in _all)
            variable.Origin = OriginOf(variable.Name) ?? throw ConfigurationException.Unplaced($"unknown \"{variable.Name}\" variable");
    }

    /// <summary>Where the value of that name, in small letters, comes from; null where it is nothing's.</summary>
    public VariableOrigin? OriginOf(string name)
    {
        var declared = Declared(name);
        // What only `set` gives a value begins as the member of a family, if there is one of its name.
        return declared is null or VariableOrigin.Assigned ? BuiltIns.FamilyOf(name) ?? declared : declared;
    }

    private VariableOrigin? Declared(string name) => _declared.GetValueOrDefault(name) ?? BuiltIns.Find(name);

    private void Check(string name)
    {
        if (name.Length == 0)
            throw new ConfigurationException("invalid variable name \"$\"");
        if (Declared(Latin1.Lower(name)) is { } known && (known.Flags & VariableFlags.Changeable) == 0)
            throw new ConfigurationException($"the duplicate \"{name}\" variable");
    }
}
