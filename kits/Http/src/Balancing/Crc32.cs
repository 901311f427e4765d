namespace Microcosm.Http;

/// <summary>CRC-32 of IEEE 802.3, over pieces. A struct that changes.</summary>
internal struct Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i =>
    {
        var c = (uint)i;
        for (var k = 0; k < 8; k++)
            c = (c & 1) != 0 ? 0xedb88320 ^ (c >> 1) : c >> 1;
        return c;
    })];

    private uint _state = 0xffffffff;

    public Crc32()
    {
    }

    /// <summary>The sum so far.</summary>
    public readonly uint Value => ~_state;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            _state = Table[(_state ^ b) & 0xff] ^ (_state >> 8);
    }
}
