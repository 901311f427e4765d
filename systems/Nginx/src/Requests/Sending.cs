using System.Buffers;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// Sends a response: conditions, fields, filters and ranges are seen to first (nginx' header filters, in their order), then the head leaves
/// and the body follows through the filters, as the client takes it. Invariants: what waits in the queue came before what is written
/// later; the exchange is ended once, behind the last byte.
/// </summary>
internal sealed class Sending
{
    private const int StepBytes = 32 * 1024;

    // So much of files a turn reads for filters, however small what they make of it.
    private const int TurnBytes = 512 * 1024;

    private readonly HttpRequest _request;
    private readonly Queue<BodyPart> _parts = new();
    private BodyFilter? _filters;
    private BodyRange? _range;
    private SliceFetch? _slices;
    private HeaderList? _trailers;
    private long _taken;
    private bool _isEnded;
    private bool _isEndPassed;
    private bool _isFlushWanted;
    private bool _isOver;
    private bool _isPosted;

    private Sending(HttpRequest request) => _request = request;

    /// <summary>Told, in a turn of its own, that more may be written, where <see cref="IsBacklogged"/> was true.</summary>
    public Action? Drained { get; set; }

    /// <summary>More waits than is good: who writes had better wait for <see cref="Drained"/>.</summary>
    public bool IsBacklogged => _parts.Count > 0 || IsOutputBacklogged;

    /// <summary>Filters or the client take no more for now.</summary>
    public bool IsOutputBacklogged => _filters?.IsBacklogged ?? _request.Exchange.IsBacklogged;

    /// <summary>Sends the response with a body that is there as a whole; the files are the sending's from now on.</summary>
    public static void Send(HttpRequest request, IReadOnlyList<BodyPart> body)
    {
        if (request.Slice is not null)
        {
            SendPieces(request, body);
            return;
        }
        var sending = new Sending(request);
        if (!sending.TryPrepare())
        {
            Release(body);
            return;
        }
        body = Ranges.Apply(request, body);
        if (!sending.TryBegin())
        {
            Release(body);
            return;
        }
        sending.Finish(body);
    }

    /// <summary>
    /// Begins a response whose body comes in pieces, by <see cref="Write"/>, <see cref="WriteFile"/> and <see cref="End"/>. Null: nothing
    /// of the body is wanted (HEAD, 304, a precondition that failed); the request is answered then, and its exchange ended.
    /// </summary>
    public static Sending? Begin(HttpRequest request)
    {
        var sending = new Sending(request);
        if (!sending.TryPrepare())
            return null;
        if (!Ranges.TryCut(request, out sending._range, out var refusal))
        {
            if (sending.TryBegin())
                sending.Finish([refusal]);
            return null;
        }
        if (!sending.TryBegin())
            return null;
        if (request is { Parent: null, Slice: { } slice })
        {
            if (sending._range is { } range)
                slice.Want(range.Start, range.End);
            sending._slices = new SliceFetch(request, sending, slice);
        }
        return sending;
    }

    /// <summary>The next piece of the body; nobody need keep it.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_range is not null)
            bytes = _range.Cut(bytes);
        if (_isOver || bytes.IsEmpty)
            return;
        if (_parts.Count > 0)
            _parts.Enqueue(BodyPart.Of(bytes.ToArray()));
        else
            Put(bytes);
    }

    /// <summary>A piece of a part of the body that follows the first.</summary>
    public void WriteSlice(ReadOnlySpan<byte> bytes) => Write(bytes);

    /// <summary>The next piece is from there in the whole.</summary>
    public void MoveTo(long position) => _range?.MoveTo(position);

    /// <summary>A part of a file as the next piece; one use of the file is the sending's from now on.</summary>
    public void WriteFile(OpenFile file, long offset, long length)
    {
        if (_range is not null)
            (offset, length) = _range.Cut(offset, length);
        if (_isOver || length <= 0)
        {
            file.Release();
            return;
        }
        _parts.Enqueue(BodyPart.Of(file, offset, length));
        Pump();
    }

    /// <summary>The client is to see all that was written: filters hold nothing back.</summary>
    public void Flush()
    {
        _isFlushWanted = _filters is not null;
        Pump();
    }

    /// <summary>The body is whole.</summary>
    /// <param name="trailers">Fields behind it; null for none.</param>
    public void End(HeaderList? trailers = null)
    {
        (_isEnded, _trailers) = (true, trailers);
        Pump();
    }

    /// <summary>Breaks off; the client sees that the body is not whole.</summary>
    public void Abort()
    {
        if (!_isOver && !_request.Exchange.IsOver)
            _request.Exchange.Abort();
        Close();
    }

    /// <summary>Output fell.</summary>
    public void Resume()
    {
        if (_isOver)
            return;
        _filters?.Resume();
        if (!IsOutputBacklogged)
            _slices?.Resume();
        Pump();
        if (!_isOver && !_isEnded && !IsBacklogged)
            Drained?.Invoke();
    }

    /// <summary>The exchange is over: gives back what is held.</summary>
    public void Close()
    {
        _isOver = true;
        Drained = null;
        _slices?.Cancel();
        Release(_parts);
        _parts.Clear();
        _filters?.Release();
    }

    /// <summary>All of the body is with the exchange.</summary>
    public void EndExchange()
    {
        _isOver = true;
        _filters?.Release();
        if (!_request.Exchange.IsOver)
            _request.Exchange.End(Trailers.Of(_request, _trailers));
    }

    private static void SendPieces(HttpRequest request, IReadOnlyList<BodyPart> body)
    {
        if (Begin(request) is not { } sending)
        {
            Release(body);
            return;
        }
        foreach (var part in body)
        {
            if (part.File is { } file)
                sending.WriteFile(file, part.Offset, part.Length);
            else
                sending.Write(part.Bytes.Span);
        }
        sending.End();
    }

    private static void Release(IEnumerable<BodyPart> body)
    {
        foreach (var part in body)
            part.File?.Release();
    }

    // What header filters do before ranges. False: the request is answered otherwise.
    private bool TryPrepare()
    {
        var response = _request.Response;
        if (_request.ErrorStatus != 0)
            (response.Status, _request.ErrorStatus, response.LastModified) = (_request.ErrorStatus, 0, null);
        if (_request.Slice is { } slice && !slice.TryAccept(_request))
        {
            _request.Exchange.Abort();
            return false;
        }
        // What stands in another response goes as it is; parts of one have that one's filters.
        if (_request.Parent is not null)
        {
            _filters = _request.Slice is null ? BodyFilters.Begin(_request, this) : null;
            return true;
        }
        if (!_request.HasErrorPage && !response.IsUnconditional && Conditions.Check(_request) is var changed && changed != 0)
        {
            if (changed != 304)
            {
                Answers.Finish(_request, changed);
                return false;
            }
            Conditions.NotModified(response);
        }
        Fields.Add(_request);
        UserId.AddTo(_request);
        _filters = BodyFilters.Begin(_request, this);
        return true;
    }

    // False: there is no body, and the response is out.
    private bool TryBegin()
    {
        Trailers.Announce(_request);
        ResponseHead.Write(_request);
        if (_request.IsHead || _request.Response.Status is 204 or 304)
        {
            _isOver = true;
            _filters?.Release();
            if (!_request.Exchange.IsOver)
                _request.Exchange.End();
            return false;
        }
        _request.Sending = this;
        return true;
    }

    private void Finish(IReadOnlyList<BodyPart> body)
    {
        foreach (var part in body)
            _parts.Enqueue(part);
        _isEnded = true;
        Pump();
    }

    private void Pump()
    {
        var left = TurnBytes;
        while (!_isOver && _parts.TryPeek(out var part))
        {
            if (_request.Exchange.IsOver)
            {
                Close();
                return;
            }
            if (_filters?.IsBacklogged ?? _request.Exchange.IsBacklogged)
                return;
            if (left <= 0)
            {
                GoOnLater();
                return;
            }
            if (part.File is not { } file)
            {
                _parts.Dequeue();
                Put(part.Bytes.Span);
            }
            else if (_filters is { TakesFiles: false })
            {
                left -= Step(file, part);
            }
            else
            {
                _parts.Dequeue();
                if (_filters is null)
                    _request.Exchange.WriteFile(file, part.Offset, part.Length);
                else
                    _filters.WriteFile(file, part.Offset, part.Length);
            }
        }
        if (_isOver || _isEndPassed)
            return;
        if (_isEnded && _slices is not null && (_slices.TryNext() || _isOver))
            return;
        if (_isEnded)
        {
            _isEndPassed = true;
            if (_filters is null)
                EndExchange();
            else
                _filters.End();
        }
        else if (_isFlushWanted)
        {
            _isFlushWanted = false;
            _filters!.Flush();
        }
    }

    // Reads a piece of a file for the filters.
    private int Step(OpenFile file, BodyPart part)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(StepBytes);
        var read = 0;
        try
        {
            read = file.Read(part.Offset + _taken, buffer.AsSpan(0, (int)Math.Min(buffer.Length, part.Length - _taken)));
        }
        catch (IOException e)
        {
            _request.LogError(LogLevel.Alert, $"pread() failed ({e.Message})");
        }
        _taken += read;
        // A file that is shorter than it was when the head was made.
        if (read == 0)
        {
            Abort();
        }
        else
        {
            var isWhole = _taken == part.Length;
            if (isWhole)
            {
                _parts.Dequeue();
                _taken = 0;
            }
            _filters!.Write(buffer.AsSpan(0, read));
            if (isWhole)
                file.Release();
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return read;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        if (_filters is null)
            _request.Exchange.Write(bytes);
        else
            _filters.Write(bytes);
    }

    private void GoOnLater()
    {
        if (_isPosted)
            return;
        _isPosted = true;
        _request.Worker.Http.Executor.Post(static s =>
        {
            var sending = (Sending)s!;
            sending._isPosted = false;
            sending.Resume();
        }, this);
    }
}
