namespace Microcosm.Http;

/// <summary>OSSL_PARAM of core.h. A list of them ends with one without a key.</summary>
internal unsafe struct OsslParameter
{
    public byte* Key;
    public uint Type;
    public void* Data;
    public nuint Length;
    public nuint ReturnedLength;

    /// <summary>Text ends with a zero that <paramref name="length"/> does not count.</summary>
    public static OsslParameter Text(byte* key, byte* text, int length) =>
        new() { Key = key, Type = 4, Data = text, Length = (nuint)length, ReturnedLength = nuint.MaxValue };

    public static OsslParameter Bytes(byte* key, byte* bytes, int length) =>
        new() { Key = key, Type = 5, Data = bytes, Length = (nuint)length, ReturnedLength = nuint.MaxValue };
}
