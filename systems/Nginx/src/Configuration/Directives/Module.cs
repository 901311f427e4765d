namespace Microcosm.Nginx;

/// <summary>
/// Declares a module's directives, each once: name, places, arguments, kind of value. Every method returns the setting to read
/// the value by.
/// </summary>
internal sealed class Module(string name, Contexts part)
{
    private readonly List<Directive> _directives = [];

    /// <summary>nginx' name for the module, e.g. <c>http_gzip_module</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The outermost block it belongs to.</summary>
    public Contexts Part { get; } = part;

    public IReadOnlyList<Directive> Directives => _directives;

    public Setting<bool> Flag(string name, Contexts contexts, bool fallback = false) => One(name, contexts, DirectiveKind.Flag, fallback,
        (call, word) => Latin1.Lower(word) switch
        {
            "on" => true,
            "off" => false,
            _ => throw call.Error($"invalid value \"{word}\" in \"{name}\" directive, it must be \"on\" or \"off\""),
        });

    /// <summary>A whole number; with bounds nginx words their violation itself.</summary>
    public Setting<long> Number(string name, Contexts contexts, long fallback = 0, long min = long.MinValue, long max = long.MaxValue) =>
        One(name, contexts, DirectiveKind.Number, fallback, (call, word) =>
        {
            var number = Measures.Number(word) ?? throw call.Refuse("invalid number");
            if (number < min || number > max)
                throw call.Error(max == long.MaxValue
                    ? $"value must be equal to or greater than {min}" : $"value must be between {min} and {max}");
            return number;
        });

    /// <summary>Bytes.</summary>
    public Setting<long> Size(string name, Contexts contexts, long fallback = 0, Action<DirectiveCall, long>? check = null) =>
        Measure(name, contexts, DirectiveKind.Size, fallback, w => Measures.Size(w), check);

    /// <summary>Bytes of a file or a body.</summary>
    public Setting<long> Offset(string name, Contexts contexts, long fallback = 0, Action<DirectiveCall, long>? check = null) =>
        Measure(name, contexts, DirectiveKind.Offset, fallback, w => Measures.Offset(w), check);

    /// <summary>Milliseconds.</summary>
    public Setting<long> Milliseconds(string name, Contexts contexts, long fallback = 0) =>
        Measure(name, contexts, DirectiveKind.Milliseconds, fallback, w => Measures.Milliseconds(w), null);

    /// <summary>Seconds.</summary>
    public Setting<long> Seconds(string name, Contexts contexts, long fallback = 0) =>
        Measure(name, contexts, DirectiveKind.Seconds, fallback, w => Measures.Seconds(w), null);

    public Setting<string?> Text(
        string name, Contexts contexts, string? fallback = null, Func<DirectiveCall, string, string>? check = null) =>
        One(name, contexts, DirectiveKind.Text, fallback, (call, word) => check is null ? word : check(call, word));

    /// <summary>A directive that may be repeated, one text each.</summary>
    public Setting<IReadOnlyList<string>> Texts(string name, Contexts contexts)
    {
        var setting = new Setting<IReadOnlyList<string>>(name, []);
        Declare(name, contexts, Arity.One, DirectiveKind.List, call => call.Level.Add(setting, call[1]));
        return setting;
    }

    /// <summary>A directive that may be repeated, a name and a value each.</summary>
    public Setting<IReadOnlyList<NamedText>> Pairs(string name, Contexts contexts, Action<DirectiveCall>? check = null)
    {
        var setting = new Setting<IReadOnlyList<NamedText>>(name, []);
        Declare(name, contexts, Arity.Two, DirectiveKind.Pairs, call =>
        {
            check?.Invoke(call);
            call.Level.Add(setting, new NamedText(call[1], call[2]));
        });
        return setting;
    }

    /// <summary>As <see cref="Pairs"/>, with variables in the value.</summary>
    public Setting<IReadOnlyList<NamedValue>> PairValues(string name, Contexts contexts)
    {
        var setting = new Setting<IReadOnlyList<NamedValue>>(name, []);
        Declare(name, contexts, Arity.Two, DirectiveKind.Pairs, call => call.Level.Add(setting, new NamedValue(call[1], call.Value(2))));
        return setting;
    }

    /// <summary>
    /// One word of several; they know no case. The names stand in <paramref name="words"/> in the order of the enumeration.
    /// </summary>
    public Setting<T> Choice<T>(string name, Contexts contexts, T fallback, params string[] words)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        return One(name, contexts, DirectiveKind.Choice, fallback, (call, word) =>
        {
            var at = Array.FindIndex(words, w => Latin1.EqualsIgnoreCase(w, word));
            return at >= 0 ? values[at] : throw call.Error($"invalid value \"{word}\"");
        });
    }

    /// <summary>Any of several words, several at once: bit n of the value is word n.</summary>
    public Setting<long> Mask(string name, Contexts contexts, Arity arity, long fallback, params string[] words)
    {
        var setting = new Setting<long>(name, fallback);
        Declare(name, contexts, arity, DirectiveKind.Mask, call =>
        {
            var mask = call.Level.TryGetOwn(setting, out var own) ? own : 0;
            foreach (var word in call.Arguments)
            {
                var at = Array.FindIndex(words, w => Latin1.EqualsIgnoreCase(w, word));
                if (at < 0)
                    throw call.Error($"invalid value \"{word}\"");
                if ((mask & (1L << at)) != 0)
                    call.Warn($"duplicate value \"{word}\"");
                mask |= 1L << at;
            }
            call.Level.Set(setting, mask);
        });
        return setting;
    }

    /// <summary>A number of buffers and their size.</summary>
    public Setting<BufferCounts> Buffers(string name, Contexts contexts, BufferCounts fallback)
    {
        var setting = new Setting<BufferCounts>(name, fallback);
        Declare(name, contexts, Arity.Two, DirectiveKind.Buffers, call =>
        {
            call.Once(setting);
            if (Measures.Number(call[1]) is not (> 0 and var count) || Measures.Size(call[2]) is not (> 0 and var size))
                throw call.Refuse("invalid value");
            call.Level.Set(setting, new BufferCounts(count, size));
        });
        return setting;
    }

    /// <summary>A text with variables.</summary>
    public Setting<ComplexValue?> Value(string name, Contexts contexts) => One<ComplexValue?>(name, contexts, DirectiveKind.Value, null,
        (call, word) => ComplexValue.Compile(word, call.Variables));

    /// <summary>Bytes, or a text with variables that gives them for each request.</summary>
    public Setting<ValueOrSize?> SizeValue(string name, Contexts contexts) => One<ValueOrSize?>(name, contexts, DirectiveKind.Value, null,
        (call, word) => ComplexValue.HasVariables(word)
            ? new ValueOrSize(0, ComplexValue.Compile(word, call.Variables))
            : new ValueOrSize(Measures.Size(word) ?? throw call.Refuse("invalid value"), null));

    /// <summary>Conditions: each a text with variables; one that is neither empty nor 0 holds.</summary>
    public Setting<IReadOnlyList<ComplexValue>> Conditions(string name, Contexts contexts)
    {
        var setting = new Setting<IReadOnlyList<ComplexValue>>(name, []);
        Declare(name, contexts, Arity.OneOrMore, DirectiveKind.Value, call =>
        {
            for (var i = 1; i <= call.Count; i++)
                call.Level.Add(setting, call.Value(i));
        });
        return setting;
    }

    /// <summary>A directive whose arguments need a hand of their own.</summary>
    public void Custom(string name, Contexts contexts, Arity arity, Action<DirectiveCall> apply) =>
        Declare(name, contexts, arity, DirectiveKind.Custom, apply);

    /// <summary>A block; <paramref name="apply"/> reads what is inside.</summary>
    public void Block(string name, Contexts contexts, Arity arity, Action<DirectiveCall> apply) =>
        Declare(name, contexts, arity, DirectiveKind.Block, apply);

    /// <summary>An old name; its use is a warning.</summary>
    public void Deprecated(string name, Contexts contexts, Arity arity, string instead, Action<DirectiveCall> apply) =>
        Declare(name, contexts, arity, DirectiveKind.Custom, call =>
        {
            call.Warn($"the \"{name}\" directive is deprecated, use the \"{instead}\" directive instead");
            apply(call);
        });

    /// <summary>A name without function; its use is a warning.</summary>
    public void Obsolete(string name, Contexts contexts, Arity arity, string? instead = null) =>
        Declare(name, contexts, arity, DirectiveKind.Custom, call => call.Warn(instead is null
            ? $"the \"{name}\" directive is obsolete, ignored"
            : $"the \"{name}\" directive is obsolete, use the \"{instead}\" directive instead"));

    /// <summary>One argument, at most once a level.</summary>
    public Setting<T> One<T>(string name, Contexts contexts, DirectiveKind kind, T fallback, Func<DirectiveCall, string, T> read)
    {
        var setting = new Setting<T>(name, fallback);
        Declare(name, contexts, Arity.One, kind, call =>
        {
            call.Once(setting);
            call.Level.Set(setting, read(call, call[1]));
        });
        return setting;
    }

    private Setting<long> Measure(
        string name, Contexts contexts, DirectiveKind kind, long fallback, Func<string, long?> read, Action<DirectiveCall, long>? check) =>
        One(name, contexts, kind, fallback, (call, word) =>
        {
            var value = read(word) ?? throw call.Refuse("invalid value");
            check?.Invoke(call, value);
            return value;
        });

    private void Declare(string name, Contexts contexts, Arity arity, DirectiveKind kind, Action<DirectiveCall> apply) =>
        _directives.Add(new Directive(name, Name, contexts, arity, kind, apply));
}
