using Google.Protobuf;

namespace Microcosm.Chubby.Etcd;

/// <summary>Keys by their bytes.</summary>
internal sealed class KeyOrder : IComparer<KeyHistory>
{
    public static readonly KeyOrder Instance = new();

    public static readonly IComparer<ByteString> Bytes = Comparer<ByteString>.Create(Compare);

    public static int Compare(ByteString x, ByteString y) => x.Span.SequenceCompareTo(y.Span);

    int IComparer<KeyHistory>.Compare(KeyHistory? x, KeyHistory? y) =>
        ReferenceEquals(x, y) ? 0
        : ReferenceEquals(x, KeyHistory.Last) ? 1
        : ReferenceEquals(y, KeyHistory.Last) ? -1
        : Compare(x!.Key, y!.Key);
}
