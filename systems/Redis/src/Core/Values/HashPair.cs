namespace Microcosm.Redis;

/// <summary>A field and its value. Valid until the hash changes.</summary>
internal readonly ref struct HashPair
{
    private readonly byte[]? _item;
    private readonly Listpack? _packed;
    private readonly int _at;

    public HashPair(byte[] item) => _item = item;

    public HashPair(Listpack packed, int at) => (_packed, _at) = (packed, at);

    public Element Field => _item is not null ? new Element(HashItem.KeyOf(_item)) : _packed![_at];

    public Element Value => _item is not null ? new Element(HashItem.ValueOf(_item)) : _packed![_packed.Next(_at)];
}
