using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// <c>limit_rate</c>: lets a body go at a pace (nginx: ngx_http_write_filter). Each second of the request is good for so many bytes;
/// between pieces a deadline of the worker runs.
/// </summary>
internal sealed class PacedOutput : BodyFilter
{
    private const long HeldBytesMax = 64 * 1024;

    private readonly HttpRequest _request;
    private readonly Sending _sending;
    private readonly Pause _pause;
    private readonly Queue<BodyPart> _parts = new();
    private readonly long _rate;
    private readonly long _after;
    private readonly long _beganSeconds;
    private long _held;
    private long _sent;
    private long _given;
    private bool _isEnded;

    private PacedOutput(HttpRequest request, Sending sending, long rate)
    {
        (_request, _sending, _rate) = (request, sending, rate);
        _pause = new Pause(this);
        _after = SizeOf(HttpCoreModule.LimitRateAfter, request);
        _beganSeconds = request.BeganTime.ToUnixTimeSeconds();
    }

    public override bool TakesFiles => true;

    public override bool IsBacklogged => _held > HeldBytesMax || Next.IsBacklogged;

    /// <summary>A filter where the response has a pace.</summary>
    public static PacedOutput? TryBegin(HttpRequest request, Sending sending)
    {
        if (request.Parent is not null)
            return null;
        var rate = request.LimitRate ?? SizeOf(HttpCoreModule.LimitRate, request);
        request.LimitRate = rate;
        return rate > 0 ? new PacedOutput(request, sending, rate) : null;
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        _held += bytes.Length;
        _parts.Enqueue(BodyPart.Of(bytes.ToArray()));
        Pump();
    }

    public override void WriteFile(OpenFile file, long offset, long length)
    {
        _held += length;
        _parts.Enqueue(BodyPart.Of(file, offset, length));
        Pump();
    }

    public override void End()
    {
        _isEnded = true;
        Pump();
    }

    public override void Resume()
    {
        Next.Resume();
        Pump();
    }

    public override void Release()
    {
        _request.Worker.Http.Deadlines.Remove(_pause);
        foreach (var part in _parts)
            part.File?.Release();
        _parts.Clear();
        Next.Release();
    }

    private static long SizeOf(Setting<ValueOrSize?> setting, HttpRequest request)
    {
        if (request.Level.Get(setting) is not { } given)
            return 0;
        return given.Value is not { } value ? given.Size
            : Math.Max(0, Measures.Size(Latin1.Text(value.Evaluate(request.Values).Span)) ?? 0);
    }

    private void Pump()
    {
        while (_parts.TryPeek(out var part) && !_pause.IsSet && !Next.IsBacklogged)
        {
            var seconds = _request.Worker.Http.Clock.GetUtcNow().ToUnixTimeSeconds() - _beganSeconds + 1;
            // The head counts, with the first piece.
            if (_given == 0)
                _given = _request.Exchange.ResponseBytes;
            var allowed = _rate * seconds - (_given - _after);
            if (allowed <= 0)
            {
                Wait(-allowed * 1000 / _rate + 1);
                return;
            }
            Send(part, allowed);
            Wait((Math.Max(0, _given - _after) - Math.Max(0, _sent - _after)) * 1000 / _rate);
            _sent = _given;
        }
        if (!_isEnded || _parts.Count > 0)
            return;
        _isEnded = false;
        Next.End();
    }

    // Of the first part so much, and the rest becomes the first.
    private void Send(BodyPart part, long most)
    {
        var count = Math.Min(most, part.Length);
        _held -= count;
        _given += count;
        _parts.Dequeue();
        if (count < part.Length)
        {
            part.File?.Use();
            var rest = _parts.ToArray();
            _parts.Clear();
            _parts.Enqueue(part.Slice(count, part.Length - count));
            foreach (var other in rest)
                _parts.Enqueue(other);
        }
        if (part.File is { } file)
            Next.WriteFile(file, part.Offset, count);
        else
            Next.Write(part.Bytes.Span[..(int)count]);
    }

    private void Wait(long ms)
    {
        if (ms > 0)
            _request.Worker.Http.Deadlines.Set(_pause, ms);
    }

    private sealed class Pause(PacedOutput output) : Deadline
    {
        protected override void Expired() => output._sending.Resume();
    }
}
