namespace Microcosm.Redis;

/// <summary>Walks the pairs of a hash, which must not change meanwhile.</summary>
internal ref struct HashEnumerator(HashObject hash)
{
    private readonly Listpack? _packed = hash.Packed;
    private readonly ByteTable<HashItem>? _table = hash.Table;
    private int _at = hash.Packed is null ? -1 : 0;

    public readonly HashPair Current => _packed is not null ? new HashPair(_packed, _at) : new HashPair(_table![_at]);

    public bool MoveNext()
    {
        if (_packed is null)
            return ++_at < _table!.Count;
        _at = _at == 0 ? _packed.First : _packed.Next(_packed.Next(_at));
        return _at >= 0;
    }
}
