namespace Microcosm.Redis;

/// <summary>Keys of one type in one encoding, as TYPE and OBJECT ENCODING name them, and the bytes they hold.</summary>
internal sealed record EncodingInside(string Type, string Encoding, int Keys, long Bytes);
