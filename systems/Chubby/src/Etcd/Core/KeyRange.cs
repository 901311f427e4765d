using Google.Protobuf;

namespace Microcosm.Chubby.Etcd;

/// <summary>What keys a request names: one; those from one up to another; or, where the end is a zero byte, all from one on.</summary>
internal readonly record struct KeyRange(ByteString Key, ByteString End)
{
    public bool IsOne => End.IsEmpty;

    public bool IsEndless => End.Length == 1 && End[0] == 0;

    /// <summary>True where no key can be in it.</summary>
    public bool IsVoid => !IsOne && !IsEndless && KeyOrder.Compare(Key, End) >= 0;

    public static KeyRange One(ByteString key) => new(key, ByteString.Empty);

    /// <summary>All keys that begin so.</summary>
    public static KeyRange Prefix(ByteString prefix)
    {
        var end = prefix.ToByteArray();
        for (var i = end.Length - 1; i >= 0; i--)
        {
            if (end[i] == 0xff)
                continue;
            end[i]++;
            return new KeyRange(prefix, ByteString.CopyFrom(end, 0, i + 1));
        }
        return new KeyRange(prefix, ByteString.CopyFrom(0));
    }

    public bool Contains(ByteString key)
    {
        if (IsOne)
            return key == Key;
        return KeyOrder.Compare(Key, key) <= 0 && (IsEndless || KeyOrder.Compare(key, End) < 0);
    }
}
