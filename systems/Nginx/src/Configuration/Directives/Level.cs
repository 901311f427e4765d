namespace Microcosm.Nginx;

/// <summary>
/// The settings of one block: main, http, a server, a location, an <c>if</c>. Values are looked up on the way out; lists are not joined: a
/// level with an entry of its own has only its own entries. Written while the configuration is read, then only read.
/// </summary>
internal sealed class Level(Level? outer, Contexts context)
{
    private object?[] _own = [];

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

    /// <summary>The value that holds here.</summary>
    public T Get<T>(Setting<T> setting)
    {
        for (var level = this; level is not null; level = level.Outer)
        {
            if (level.OwnOf(setting) is { } own)
                return (T)own;
        }
        return setting.Fallback;
    }

    /// <summary>True if this level itself has a value.</summary>
    public bool Has(Setting setting) => OwnOf(setting) is not null;

    /// <summary>True if this level or one around has a value.</summary>
    public bool IsSet(Setting setting)
    {
        for (var level = this; level is not null; level = level.Outer)
        {
            if (level.Has(setting))
                return true;
        }
        return false;
    }

    /// <summary>This level's own value.</summary>
    public bool TryGetOwn<T>(Setting<T> setting, out T value)
    {
        var own = OwnOf(setting);
        value = own is null ? setting.Fallback : (T)own;
        return own is not null;
    }

    public void Set<T>(Setting<T> setting, T value)
    {
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
}
