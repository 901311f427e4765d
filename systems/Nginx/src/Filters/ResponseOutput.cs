using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>The last step of a body: the exchange. Where the head is held the first bytes are too, up to <c>postpone_output</c>.</summary>
internal sealed class ResponseOutput(Sending sending, HttpRequest request) : BodyFilter
{
    private ArrayBufferWriter<byte>? _held;

    public override bool TakesFiles => true;

    public override bool IsBacklogged => request.Exchange.IsBacklogged;

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (!sending.HoldsHead)
        {
            request.Exchange.Write(bytes);
            return;
        }
        (_held ??= new ArrayBufferWriter<byte>()).Write(bytes);
        if (_held.WrittenCount >= request.Level.Get(HttpCoreModule.PostponeOutput))
            GiveHeld();
    }

    public override void WriteFile(OpenFile file, long offset, long length)
    {
        GiveHeld();
        request.Exchange.WriteFile(file, offset, length);
    }

    // What is written leaves at the end of the turn.
    public override void Flush() => GiveHeld();

    public override void End()
    {
        GiveHeld();
        sending.EndExchange();
    }

    public override void Resume()
    {
    }

    public override void Release() => _held = null;

    private void GiveHeld()
    {
        if (!sending.HoldsHead)
            return;
        sending.SendHead();
        if (_held is not null)
            request.Exchange.Write(_held.WrittenSpan);
        _held = null;
    }
}
