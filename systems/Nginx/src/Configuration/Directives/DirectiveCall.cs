namespace Microcosm.Nginx;

/// <summary>A directive as it is read: its words, the level it stands on, and the loader that reads.</summary>
internal sealed class DirectiveCall(ConfigurationLoader loader, string[] words, Level level)
{
    public ConfigurationLoader Loader { get; } = loader;

    public Level Level { get; } = level;

    public string Name => words[0];

    /// <summary>Arguments from 1, as nginx counts; 0 is the name.</summary>
    public string this[int index] => words[index];

    /// <summary>How many arguments.</summary>
    public int Count => words.Length - 1;

    public ReadOnlySpan<string> Arguments => words.AsSpan(1);

    /// <summary>The variables of the part (http or stream) that the directive stands in.</summary>
    public VariableTable Variables => Loader.Variables;

    /// <summary>nginx words it <c>"NAME" directive SAYS</c>.</summary>
    public ConfigurationException Refuse(string says) => new($"\"{Name}\" directive {says}");

    public ConfigurationException Error(string message) => new(message);

    public ConfigurationException InvalidParameter(string parameter) => new($"invalid parameter \"{parameter}\"");

    public void Warn(string message) => Loader.Warn(message);

    /// <summary>Compiles an argument with variables.</summary>
    public ComplexValue Value(int index) => ComplexValue.Compile(words[index], Variables);

    /// <summary>Refuses a second use on the same level.</summary>
    public void Once(Setting setting)
    {
        if (Level.Has(setting))
            throw Refuse("is duplicate");
    }
}
