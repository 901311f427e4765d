namespace Microcosm.Redis;

/// <summary>Walks the members of a set, which must not change meanwhile.</summary>
internal ref struct SetEnumerator(SetObject set)
{
    private readonly SetObject _set = set;
    private int _index = -1;

    public readonly Element Current => _set.At(_index);

    public bool MoveNext() => ++_index < _set.Count;
}
