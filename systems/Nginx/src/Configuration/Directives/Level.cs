using System.Runtime.CompilerServices;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// The settings of one block: main, http, a server, a location, an <c>if</c>. Values are looked up on the way out; lists are not joined: a
/// level with an entry of its own has only its own entries. Written while the configuration is read, then only read: from
/// <see cref="Seal"/> on a level remembers what it was asked for, so that a request looks at one array.
/// </summary>
internal sealed class Level(Level? outer, Contexts context)
{
    // Stands for a value that no level has.
    private static readonly object s_none = new();

    private object?[] _own = [];
    private object?[] _found = [];
    private bool _isSealed;

    /// <summary>The level around.</summary>
    public Level? Outer { get; } = outer;

    /// <summary>The kind of block.</summary>
    public Contexts Context { get; } = context;

    /// <summary>The server that the level belongs to, while it is read.</summary>
    public ServerDraft? Server
    {
        get => field ?? Outer?.Server;
        init;
    }

    /// <summary>The location (or the server's root) that the level belongs to, while it is read.</summary>
    public LocationDraft? Location { get; set; }

    /// <summary>The upstream that the level belongs to, while it is read.</summary>
    public UpstreamDraft? Upstream { get; init; }

    private bool IsSealed => _isSealed || Outer is { IsSealed: true };

    /// <summary>Neither this level nor those inside it change any more.</summary>
    public void Seal() => _isSealed = true;

    /// <summary>The value that holds here.</summary>
    public T Get<T>(Setting<T> setting)
    {
        var value = FoundOf(setting) ?? Remember(setting, Find(setting) ?? s_none);
        return value == s_none ? setting.Fallback : As<T>(value);
    }

    /// <summary>What follows from the settings that hold here.</summary>
    public T Get<T>(Derived<T> derived) where T : class => As<T>(FoundOf(derived) ?? Remember(derived, derived.Make(this)));

    /// <summary>True if this level itself has a value.</summary>
    public bool Has(Setting setting) => OwnOf(setting) is not null;

    /// <summary>True if this level or one around has a value.</summary>
    public bool IsSet(Setting setting) => Find(setting) is not null;

    /// <summary>This level's own value.</summary>
    public bool TryGetOwn<T>(Setting<T> setting, out T value)
    {
        var own = OwnOf(setting);
        value = own is null ? setting.Fallback : (T)own;
        return own is not null;
    }

    public void Set<T>(Setting<T> setting, T value)
    {
        Invariant.Check(!IsSealed);
        if (_own.Length <= setting.Index)
            Array.Resize(ref _own, Math.Max(Setting.Count, setting.Index + 1));
        _own[setting.Index] = value;
    }

    /// <summary>Adds to this level's own list.</summary>
    public void Add<T>(Setting<IReadOnlyList<T>> setting, T item)
    {
        if (!TryGetOwn(setting, out var list) || list is not List<T> own)
            Set<IReadOnlyList<T>>(setting, own = []);
        own.Add(item);
    }

    private object? OwnOf(Setting setting) => setting.Index < _own.Length ? _own[setting.Index] : null;

    private object? Find(Setting setting)
    {
        for (var level = this; level is not null; level = level.Outer)
        {
            if (level.OwnOf(setting) is { } own)
                return own;
        }
        return null;
    }

    private object? FoundOf(Setting setting)
    {
        var found = _found;
        return setting.Index < found.Length ? found[setting.Index] : null;
    }

    // Workers may do so at the same time: both find the same.
    private object Remember(Setting setting, object value)
    {
        if (!IsSealed)
            return value;
        var found = _found;
        if (found.Length <= setting.Index)
            Array.Resize(ref found, Setting.Count);
        found[setting.Index] = value;
        return (_found = found)[setting.Index]!;
    }

    // Only values of this type come to a setting's place.
    private static T As<T>(object value) => typeof(T).IsValueType ? (T)value : Unsafe.As<object, T>(ref value);
}
