namespace Microcosm.Redis;

/// <summary>The arguments of GEOSEARCH, GEOSEARCHSTORE, GEORADIUS and GEORADIUSBYMEMBER, all of which describe one search.</summary>
internal sealed class GeoSearchOptions(SortedSetObject? set, GeoSearchForm form)
{
    private double _longitude;
    private double _latitude;
    private double _width;
    private double _height;
    private bool _isCircle = true;
    private bool _fromMember;
    private bool _fromPoint;
    private bool _byRadius;
    private bool _byBox;
    private bool _any;

    public bool WithDistance { get; private set; }

    public bool WithHash { get; private set; }

    public bool WithPoint { get; private set; }

    /// <summary>Most results; 0 for all.</summary>
    public long Count { get; private set; }

    /// <summary>COUNT … ANY: the first ones found will do.</summary>
    public bool Any => _any;

    /// <summary>-1 descending, 1 ascending, 0 as found.</summary>
    public int Order { get; private set; }

    /// <summary>Where to store the result, or null to answer it.</summary>
    public byte[]? StoreKey { get; private set; }

    /// <summary>Stores distances for scores.</summary>
    public bool StoreDistance { get; private set; }

    /// <summary>The unit of distances, metres.</summary>
    public double UnitMetres { get; private set; } = 1;

    /// <summary>Sizes are in the unit until here.</summary>
    public GeoShape Shape => new(_longitude, _latitude, _width * UnitMetres, _height * UnitMetres, _isCircle);

    /// <summary>Reads everything, or answers the error. The key has been looked up, since members are searched around.</summary>
    public bool TryParse(ref RedisCall call)
    {
        var at = form switch
        {
            GeoSearchForm.Search => 2,
            GeoSearchForm.SearchStore => 3,
            GeoSearchForm.RadiusByMember or GeoSearchForm.RadiusByMemberReadOnly => 5,
            _ => 6,
        };
        if (form == GeoSearchForm.SearchStore)
            StoreKey = call.Copy(1);
        if (!TryCenter(ref call))
            return false;
        while (at < call.Count)
        {
            var taken = TakeOption(ref call, at, out var failed);
            if (failed)
                return false;
            if (taken == 0)
            {
                call.SyntaxError();
                return false;
            }
            at += taken;
        }
        return AreCompatible(ref call);
    }

    // The older commands have centre and radius at fixed places.
    private bool TryCenter(ref RedisCall call)
    {
        switch (form)
        {
            case GeoSearchForm.Radius or GeoSearchForm.RadiusReadOnly:
                return GeoArguments.TryPoint(ref call, 2, out _longitude, out _latitude) && TryRadius(ref call, 4);
            case GeoSearchForm.RadiusByMember or GeoSearchForm.RadiusByMemberReadOnly:
                return set is null || (TryMember(ref call, 2) && TryRadius(ref call, 3));
            default:
                return true;
        }
    }

    // Returns how many arguments an option took; 0 when it is none.
    private int TakeOption(ref RedisCall call, int at, out bool failed)
    {
        failed = false;
        var left = call.Count - at - 1;
        if (call.Is(at, "WITHDIST"u8))
            WithDistance = true;
        else if (call.Is(at, "WITHHASH"u8))
            WithHash = true;
        else if (call.Is(at, "WITHCOORD"u8))
            WithPoint = true;
        else if (call.Is(at, "ANY"u8))
            _any = true;
        else if (call.Is(at, "ASC"u8))
            Order = 1;
        else if (call.Is(at, "DESC"u8))
            Order = -1;
        else if (call.Is(at, "COUNT"u8) && left >= 1)
        {
            failed = !TryCount(ref call, at + 1);
            return 2;
        }
        else if (form is GeoSearchForm.Search or GeoSearchForm.SearchStore)
            return TakeSearchOption(ref call, at, left, out failed);
        else
            return TakeStoreOption(ref call, at, left);
        return 1;
    }

    private int TakeStoreOption(ref RedisCall call, int at, int left)
    {
        var withDistance = call.Is(at, "STOREDIST"u8);
        if (left < 1 || form is not (GeoSearchForm.Radius or GeoSearchForm.RadiusByMember) || !(withDistance || call.Is(at, "STORE"u8)))
            return 0;
        StoreKey = call.Copy(at + 1);
        StoreDistance = withDistance;
        return 2;
    }

    private int TakeSearchOption(ref RedisCall call, int at, int left, out bool failed)
    {
        failed = false;
        if (call.Is(at, "STOREDIST"u8) && form == GeoSearchForm.SearchStore)
        {
            StoreDistance = true;
            return 1;
        }
        if (call.Is(at, "FROMMEMBER"u8) && left >= 1 && !_fromPoint)
        {
            _fromMember = true;
            failed = set is not null && !TryMember(ref call, at + 1);
            return 2;
        }
        if (call.Is(at, "FROMLONLAT"u8) && left >= 2 && !_fromMember)
        {
            _fromPoint = true;
            failed = !GeoArguments.TryPoint(ref call, at + 1, out _longitude, out _latitude);
            return 3;
        }
        if (call.Is(at, "BYRADIUS"u8) && left >= 2 && !_byBox)
        {
            _byRadius = true;
            failed = !TryRadius(ref call, at + 1);
            return 3;
        }
        if (!call.Is(at, "BYBOX"u8) || left < 3 || _byRadius)
            return 0;
        _byBox = true;
        _isCircle = false;
        failed = !GeoArguments.TryBox(ref call, at + 1, out _width, out _height, out var unit);
        UnitMetres = unit;
        return 4;
    }

    private bool TryMember(ref RedisCall call, int at)
    {
        if (GeoRead.TryPosition(set, call[at], out _longitude, out _latitude))
            return true;
        call.Reply.Error("ERR could not decode requested zset member");
        return false;
    }

    private bool TryRadius(ref RedisCall call, int at)
    {
        if (!GeoArguments.TryRadius(ref call, at, out _width, out var unit))
            return false;
        (_height, UnitMetres) = (_width, unit);
        return true;
    }

    private bool TryCount(ref RedisCall call, int at)
    {
        if (!call.TryInteger(at, out var count))
            return false;
        Count = count;
        if (count > 0)
            return true;
        call.Reply.Error("ERR COUNT must be > 0");
        return false;
    }

    private bool AreCompatible(ref RedisCall call)
    {
        var isSearch = form is GeoSearchForm.Search or GeoSearchForm.SearchStore;
        if (StoreKey is not null && (WithDistance || WithHash || WithPoint))
        {
            var name = isSearch ? "GEOSEARCHSTORE" : "STORE option in GEORADIUS";
            call.Reply.Error($"ERR {name} is not compatible with WITHDIST, WITHHASH and WITHCOORD options");
        }
        else if (isSearch && !_fromMember && !_fromPoint)
        {
            call.Reply.Error($"ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for {call.Quote(0)}");
        }
        else if (isSearch && !_byRadius && !_byBox)
        {
            call.Reply.Error($"ERR exactly one of BYRADIUS and BYBOX can be specified for {call.Quote(0)}");
        }
        else if (_any && Count == 0)
        {
            call.Reply.Error("ERR the ANY argument requires COUNT argument");
        }
        else
        {
            // The nearest ones are meant, where nothing is said of order.
            if (Count > 0 && Order == 0 && !_any)
                Order = 1;
            return true;
        }
        return false;
    }
}
