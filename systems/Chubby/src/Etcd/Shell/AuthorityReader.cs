using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Microcosm.Chubby.Etcd;

/// <summary>What a client sends, its first header block repaired (see <see cref="AuthorityRepair"/>); from then on untouched.</summary>
internal sealed class AuthorityReader(PipeReader inner) : PipeReader
{
    private const int FrameHeadBytes = 9;
    private const byte Headers = 1;
    private const byte IsPadded = 0x08;
    private const byte HasPriority = 0x20;
    private const int PriorityBytes = 5;

    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    // More than any client sends before its first headers.
    private const int HeldBytesMax = 64 << 10;

    private byte[] _held = [];
    private ReadOnlySequence<byte> _shown;
    private int _looked;
    private int _unread;
    private bool _hasPreface;
    private bool _isFound;
    private bool _isShown;
    private bool _isEnded;

    private bool IsDone => _isFound && _held.Length == 0;

    // As far as it has come.
    private bool IsHttp2 => _hasPreface || _held.AsSpan().StartsWith(Preface.AsSpan(0, Math.Min(Preface.Length, _held.Length)));

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (IsDone)
            return await inner.ReadAsync(cancellationToken);
        while (true)
        {
            // Something is there that the reader has not examined.
            if (_unread > 0 || _isEnded)
                return Show(isCanceled: false);
            var result = await inner.ReadAsync(cancellationToken);
            Take(result);
            if (result.IsCanceled)
                return Show(isCanceled: true);
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        if (IsDone)
            return inner.TryRead(out result);
        if (_unread == 0 && !_isEnded && inner.TryRead(out var read))
            Take(read);
        var isAny = _unread > 0 || _isEnded;
        result = isAny ? Show(isCanceled: false) : default;
        return isAny;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!_isShown)
        {
            inner.AdvanceTo(consumed, examined);
            return;
        }
        var taken = (int)_shown.Slice(0, consumed).Length;
        var seen = (int)_shown.Slice(0, examined).Length;
        _unread = Math.Max(0, (int)_shown.Length - seen);
        _held = _held[taken..];
        _looked -= taken;
        (_shown, _isShown) = (default, false);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private ReadResult Show(bool isCanceled)
    {
        (_shown, _isShown) = (new ReadOnlySequence<byte>(_held, 0, _looked), true);
        return new ReadResult(_shown, isCanceled, _isEnded);
    }

    private void Take(ReadResult result)
    {
        var before = _looked;
        _held = [.. _held, .. result.Buffer.ToArray()];
        inner.AdvanceTo(result.Buffer.End);
        _isEnded = result.IsCompleted;
        var isMore = !_isFound;
        while (isMore)
            isMore = TryLook();
        // What is not HTTP/2, or never comes to headers, is Kestrel's.
        if (_isFound || _isEnded || _held.Length > HeldBytesMax || !IsHttp2)
            (_isFound, _looked) = (true, _held.Length);
        _unread += _looked - before;
    }

    // One more frame that is whole; the first one begins behind the preface.
    private bool TryLook()
    {
        var at = _hasPreface ? _looked : Preface.Length;
        if (_held.Length < at + FrameHeadBytes)
            return false;
        var length = (int)(BinaryPrimitives.ReadUInt32BigEndian(_held.AsSpan(at)) >> 8);
        if (_held.Length < at + FrameHeadBytes + length)
            return false;
        _hasPreface = true;
        if (_held[at + 3] == Headers)
        {
            _isFound = true;
            Repair(at, length);
            return false;
        }
        _looked = at + FrameHeadBytes + length;
        return true;
    }

    private void Repair(int at, int length)
    {
        var flags = _held[at + 4];
        var start = at + FrameHeadBytes + ((flags & HasPriority) != 0 ? PriorityBytes : 0);
        var end = at + FrameHeadBytes + length;
        // No client is known that pads.
        if ((flags & IsPadded) != 0 || start > end || AuthorityRepair.Repair(_held.AsSpan(start, end - start)) is not { } block)
            return;
        var head = _held[at..start];
        var newLength = (start - at - FrameHeadBytes) + block.Length;
        (head[0], head[1], head[2]) = ((byte)(newLength >> 16), (byte)(newLength >> 8), (byte)newLength);
        _held = [.. _held[..at], .. head, .. block, .. _held[end..]];
    }
}
