namespace Microcosm.Nginx;

/// <summary>
/// Brings text and inclusions out in their order, while the inclusions are made at once (nginx: ngx_http_postpone_filter). Invariant: the
/// first of the parts is a response that is still being made.
/// </summary>
internal sealed class SsiOutput(SsiFilter filter)
{
    private const int HeldBytesMax = 64 * 1024;

    private readonly Queue<SsiPart> _parts = new();
    private SsiPart? _last;

    /// <summary>All is out.</summary>
    public bool IsEmpty => _parts.Count == 0;

    /// <summary>More text waits than is good.</summary>
    public bool IsFull => _last is { IsText: true, HeldBytes: > HeldBytesMax };

    public bool IsFirst(SsiPart part) => _parts.TryPeek(out var first) && first == part;

    public void Write(ReadOnlySpan<byte> text)
    {
        if (IsEmpty)
        {
            filter.Next.Write(text);
            return;
        }
        if (_last is not { IsText: true })
            Add(new SsiPart(filter, this));
        _last!.Hold(text);
    }

    public void Add(SsiPart part)
    {
        _parts.Enqueue(part);
        _last = part;
    }

    /// <summary>Gives what can be given now.</summary>
    public void Advance()
    {
        while (_parts.TryPeek(out var first))
        {
            first.GiveHeld();
            if (!first.IsWhole && !first.IsText)
                return;
            _parts.Dequeue();
        }
        _last = null;
    }

    /// <summary>Output fell.</summary>
    public void Drained()
    {
        if (_parts.TryPeek(out var first))
            first.Drained();
    }

    /// <summary>Nobody wants it any more.</summary>
    public void Cancel()
    {
        foreach (var part in _parts)
            part.Cancel();
        _parts.Clear();
        _last = null;
    }
}
