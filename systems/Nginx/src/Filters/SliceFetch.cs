using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Fetches the parts of a sliced response that follow the first, one at a time.</summary>
internal sealed class SliceFetch(HttpRequest request, Sending sending, Slice slice) : IInnerSink
{
    private InnerExchange? _asked;

    bool IInnerSink.IsFull => sending.IsOutputBacklogged;

    /// <summary>Asks for the next part; false where there is none, or the response was broken off.</summary>
    public bool TryNext()
    {
        if (_asked is not null)
            return true;
        if (!slice.IsAnswered)
        {
            request.LogError(LogLevel.Error, "missing slice response");
            sending.Abort();
            return false;
        }
        if (slice.Start >= slice.End)
            return false;
        if (sending.IsOutputBacklogged)
            return true;
        sending.MoveTo(slice.Start);
        if (Subrequests.BeginCopy(request, this) is not { } copy)
        {
            sending.Abort();
            return false;
        }
        slice.GoOn();
        copy.Slice = slice;
        _asked = (InnerExchange)copy.Exchange;
        return true;
    }

    /// <summary>Output fell.</summary>
    public void Resume() => _asked?.Drained();

    /// <summary>Nobody wants them any more.</summary>
    public void Cancel()
    {
        _asked?.Cancel();
        _asked = null;
    }

    void IInnerSink.Body(InnerExchange exchange, ReadOnlySpan<byte> bytes)
    {
        if (exchange == _asked)
            sending.WriteSlice(bytes);
    }

    void IInnerSink.Ended(InnerExchange exchange, bool isComplete)
    {
        if (exchange != _asked)
            return;
        _asked = null;
        if (isComplete)
            sending.Resume();
        else
            sending.Abort();
    }
}
