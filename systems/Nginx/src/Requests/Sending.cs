using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// Sends a response: conditions, fields, filters and ranges are seen to first (nginx' header filters, in their order), then the head leaves
/// and the body follows through the filters, as the client takes it. Invariants: what waits in the queue came before what is written
/// later; the exchange is ended once, behind the last byte.
/// </summary>
internal sealed class Sending
{
    // So much of files a turn reads for filters, however small what they make of it.
    private const int TurnBytes = 512 * 1024;

    private readonly HttpRequest _request;
    private PartQueue? _parts;
    private BodyFilter? _filters;
    private BodyRange? _range;
    private SliceFetch? _slices;
    private HeaderList? _trailers;
    private bool _isEnded;
    private bool _isEndPassed;
    private bool _isFlushWanted;
    private bool _isOver;
    private bool _isPosted;

    private Sending(HttpRequest request) => _request = request;

    /// <summary>Told, in a turn of its own, that more may be written, where <see cref="IsBacklogged"/> was true.</summary>
    public Action? Drained { get; set; }

    /// <summary>More waits than is good: who writes had better wait for <see cref="Drained"/>.</summary>
    public bool IsBacklogged => HasParts || IsOutputBacklogged;

    /// <summary>Filters or the client take no more for now.</summary>
    public bool IsOutputBacklogged => _filters?.IsBacklogged ?? _request.Exchange.IsBacklogged;

    /// <summary>The head waits for the first bytes of the body, as many as are worth a packet.</summary>
    public bool HoldsHead { get; set; }

    private bool HasParts => _parts is { IsEmpty: false };

    private PartQueue Parts => _parts ??= new PartQueue();

    /// <summary>Sends the response with a body that is there as a whole; the files are the sending's from now on.</summary>
    public static void Send(HttpRequest request, IReadOnlyList<BodyPart> body)
    {
        if (request.Slice is not null)
        {
            SendPieces(request, body);
            return;
        }
        var sending = new Sending(request);
        if (!HeaderFilters.TryRun(request, sending, out sending._filters))
        {
            PartQueue.Release(body);
            return;
        }
        body = Ranges.Apply(request, body);
        if (!sending.TryBegin())
        {
            PartQueue.Release(body);
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
        if (!HeaderFilters.TryRun(request, sending, out sending._filters))
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
        if (HasParts)
            Parts.Add(BodyPart.Of(bytes.ToArray()));
        else
            PartQueue.Write(_request.Exchange, _filters, bytes);
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
        Parts.Add(BodyPart.Of(file, offset, length));
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

    /// <summary>The head that was held goes out.</summary>
    public void SendHead()
    {
        HoldsHead = false;
        if (!_request.Exchange.IsOver)
            ResponseHead.Send(_request);
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
        _parts?.Clear();
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
            PartQueue.Release(body);
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

    // False: there is no body, and the response is out.
    private bool TryBegin()
    {
        if (_request.Watch is { DropsResponse: true })
        {
            _isOver = true;
            _filters?.Release();
            Observation.Drop(_request);
            return false;
        }
        Trailers.Announce(_request);
        ResponseHead.Write(_request);
        HoldsHead &= !_request.IsHead;
        if (!HoldsHead)
            ResponseHead.Send(_request);
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
        for (var i = 0; i < body.Count; i++)
        {
            var part = body[i];
            // What the client takes at once waits in no queue.
            if (_filters is null && !HasParts && !_request.Exchange.IsBacklogged)
                part.GiveTo(_request.Exchange);
            else
                Parts.Add(part);
        }
        _isEnded = true;
        Pump();
    }

    private void Pump()
    {
        var left = TurnBytes;
        while (!_isOver && HasParts)
        {
            if (_request.Exchange.IsOver)
            {
                Close();
                return;
            }
            if (IsOutputBacklogged)
                return;
            if (left <= 0)
            {
                GoOnLater();
                return;
            }
            var read = _parts!.Give(_request.Exchange, _filters);
            if (read < 0)
                Abort();
            left -= read;
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
