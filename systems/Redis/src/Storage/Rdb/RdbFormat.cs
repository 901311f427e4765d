namespace Microcosm.Redis;

/// <summary>Numbers of the RDB file format, version 10 (Redis 7.0), and of older versions that are still read.</summary>
internal static class RdbFormat
{
    /// <summary>What is written; newer versions are refused.</summary>
    public const int Version = 10;

    /// <summary>What Redis says of a file that ends too early.</summary>
    public const string ShortRead = "Short read or OOM loading DB. Unrecoverable error, aborting now.";

    public const byte String = 0;
    public const byte List = 1;
    public const byte Set = 2;
    public const byte SortedSetText = 3;
    public const byte Hash = 4;
    public const byte SortedSet = 5;
    public const byte HashZipmap = 9;
    public const byte ListZiplist = 10;
    public const byte SetIntset = 11;
    public const byte SortedSetZiplist = 12;
    public const byte HashZiplist = 13;
    public const byte ListQuicklist = 14;
    public const byte HashListpack = 16;
    public const byte SortedSetListpack = 17;
    public const byte ListQuicklist2 = 18;
    public const byte SetListpack = 20;

    public const byte Function = 0xf5;
    public const byte ModuleAux = 0xf7;
    public const byte Idle = 0xf8;
    public const byte Frequency = 0xf9;
    public const byte Aux = 0xfa;
    public const byte ResizeDb = 0xfb;
    public const byte ExpireTimeMs = 0xfc;
    public const byte ExpireTime = 0xfd;
    public const byte SelectDb = 0xfe;
    public const byte End = 0xff;

    public const byte PlainNode = 1;
    public const byte PackedNode = 2;
}
