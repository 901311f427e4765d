using System.Text;

namespace Microcosm.Http;

/// <summary>
/// Fields in their order; names and values lie in one array, into which a parsed head is copied as it came. No strings, and nothing is
/// allocated but arrays, which <see cref="Clear"/> gives back for the next one. Spans that it gives are valid until it changes.
/// </summary>
public sealed class HeaderList
{
    private const int BytesMin = 1024;
    private const int FieldsMin = 16;

    [ThreadStatic]
    private static HeaderArrays<byte>? t_bytes;
    [ThreadStatic]
    private static HeaderArrays<Entry>? t_entries;

    private byte[] _bytes = [];
    private int _used;
    private Entry[] _entries = [];

    private static HeaderArrays<byte> ByteArrays => t_bytes ??= new HeaderArrays<byte>(BytesMin);

    private static HeaderArrays<Entry> EntryArrays => t_entries ??= new HeaderArrays<Entry>(FieldsMin);

    /// <summary>Number of fields.</summary>
    public int Count { get; private set; }

    /// <summary>The field at a place.</summary>
    public HeaderField this[int index]
    {
        get
        {
            ref var e = ref _entries[index];
            return new HeaderField
            {
                Name = _bytes.AsSpan(e.Name, e.NameLength),
                Value = _bytes.AsSpan(e.Value, e.ValueLength),
                Known = e.Known,
                Flags = e.Flags,
            };
        }
    }

    /// <summary>The value of the first field of a name; empty where there is none.</summary>
    public ReadOnlySpan<byte> this[KnownHeader known]
    {
        get
        {
            var at = IndexOf(known);
            return at < 0 ? default : _bytes.AsSpan(_entries[at].Value, _entries[at].ValueLength);
        }
    }

    /// <summary>Place of the first field of a name at or after <paramref name="from"/>; -1 where there is none.</summary>
    public int IndexOf(KnownHeader known, int from = 0)
    {
        for (var i = from; i < Count; i++)
        {
            if (_entries[i].Known == known)
                return i;
        }
        return -1;
    }

    /// <summary>The same by name, in whatever case.</summary>
    public int IndexOf(ReadOnlySpan<byte> name, int from = 0)
    {
        var known = KnownHeaders.Of(name);
        if (known != KnownHeader.Other)
            return IndexOf(known, from);
        for (var i = from; i < Count; i++)
        {
            ref var e = ref _entries[i];
            if (e.NameLength == name.Length && Ascii.EqualsIgnoreCase(_bytes.AsSpan(e.Name, e.NameLength), name))
                return i;
        }
        return -1;
    }

    /// <summary>True where there is such a field.</summary>
    public bool Contains(KnownHeader known) => IndexOf(known) >= 0;

    /// <summary>The value of the first field of a name, in whatever case.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var at = IndexOf(name);
        value = at < 0 ? default : this[at].Value;
        return at >= 0;
    }

    /// <summary>Adds a field at the end.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Add(name, value, KnownHeaders.Of(name), HeaderFlags.None);

    /// <summary>Adds a field of a known name at the end.</summary>
    public void Add(KnownHeader known, ReadOnlySpan<byte> value) => Add(KnownHeaders.Name(known), value, known, HeaderFlags.None);

    /// <summary>Adds a number at the end.</summary>
    public void Add(KnownHeader known, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        value.TryFormat(digits, out var length);
        Add(known, digits[..length]);
    }

    /// <summary>Adds a copy of a field, with its name as it was written.</summary>
    public void Add(HeaderField field) => Add(field.Name, field.Value, field.Known, field.Flags);

    /// <summary>Gives a field this value: the first of the name keeps its place, others of it go; a new one stands at the end.</summary>
    public void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var at = IndexOf(name);
        if (at < 0)
        {
            Add(name, value);
            return;
        }
        SetValue(at, value);
        for (var i = IndexOf(name, at + 1); i >= 0; i = IndexOf(name, i))
            RemoveAt(i);
    }

    /// <summary>The same for a known name.</summary>
    public void Set(KnownHeader known, ReadOnlySpan<byte> value) => Set(KnownHeaders.Name(known), value);

    /// <summary>Changes the value at a place.</summary>
    public void SetValue(int index, ReadOnlySpan<byte> value)
    {
        var at = Append(value);
        _entries[index].Value = at;
        _entries[index].ValueLength = value.Length;
    }

    /// <summary>Removes all fields of a name; returns how many there were.</summary>
    public int Remove(ReadOnlySpan<byte> name)
    {
        var before = Count;
        for (var i = IndexOf(name); i >= 0; i = IndexOf(name, i))
            RemoveAt(i);
        return before - Count;
    }

    /// <summary>The same for a known name.</summary>
    public int Remove(KnownHeader known)
    {
        var before = Count;
        for (var i = IndexOf(known); i >= 0; i = IndexOf(known, i))
            RemoveAt(i);
        return before - Count;
    }

    /// <summary>Removes the field at a place.</summary>
    public void RemoveAt(int index)
    {
        _entries.AsSpan(index + 1, Count - index - 1).CopyTo(_entries.AsSpan(index));
        Count--;
    }

    /// <summary>Removes the fields whose names have one of these oddities.</summary>
    public void Remove(HeaderFlags flags)
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            if ((_entries[i].Flags & flags) != 0)
                RemoveAt(i);
        }
    }

    /// <summary>Removes all, and gives the memory back.</summary>
    public void Clear()
    {
        Count = _used = 0;
        if (_bytes.Length > 0)
            ByteArrays.Return(_bytes);
        if (_entries.Length > 0)
            EntryArrays.Return(_entries);
        _bytes = [];
        _entries = [];
    }

    /// <summary>Bytes that are kept.</summary>
    internal int RawLength => _used;

    /// <summary>The head that <see cref="Adopt"/> took, or a part of it.</summary>
    internal ReadOnlySpan<byte> Raw(int start, int length) => _bytes.AsSpan(start, length);

    /// <summary>Adds a field of a head that is being parsed: places are offsets in it.</summary>
    internal void AddParsed(int name, int nameLength, int value, int valueLength, KnownHeader known, HeaderFlags flags)
    {
        if (Count == _entries.Length)
            GrowEntries();
        _entries[Count++] = new Entry(name, nameLength, value, valueLength, known, flags);
    }

    /// <summary>Takes a copy of the head whose fields were added by <see cref="AddParsed"/>.</summary>
    internal void Adopt(ReadOnlySpan<byte> head)
    {
        _used = 0;
        Append(head);
    }

    private void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, KnownHeader known, HeaderFlags flags)
    {
        // Both at once: the spans may lie in the array that is to grow.
        var at = Append(name, value);
        AddParsed(at, name.Length, at + name.Length, value.Length, known, flags);
    }

    private int Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        var at = _used;
        var old = _bytes;
        var isGrown = _bytes.Length - _used < first.Length + second.Length;
        if (isGrown)
        {
            _bytes = ByteArrays.Rent(Math.Max(old.Length * 2, _used + first.Length + second.Length));
            old.AsSpan(0, _used).CopyTo(_bytes);
        }
        first.CopyTo(_bytes.AsSpan(at));
        second.CopyTo(_bytes.AsSpan(at + first.Length));
        _used += first.Length + second.Length;
        if (isGrown && old.Length > 0)
            ByteArrays.Return(old);
        return at;
    }

    private void GrowEntries()
    {
        var larger = EntryArrays.Rent(Math.Max(FieldsMin, Count * 2));
        _entries.AsSpan(0, Count).CopyTo(larger);
        if (_entries.Length > 0)
            EntryArrays.Return(_entries);
        _entries = larger;
    }

    private record struct Entry(int Name, int NameLength, int Value, int ValueLength, KnownHeader Known, HeaderFlags Flags);
}
