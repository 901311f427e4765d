using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>A client's connection: a line asks, a line answers, one after the other.</summary>
internal sealed class RegisterSession(SessionTransport transport, Func<string, ValueTask<string?>> answer) : Session
{
    private bool _isBusy;

    /// <inheritdoc/>
    public override int Receive(ReadOnlySpan<byte> input)
    {
        var end = _isBusy ? -1 : input.IndexOf((byte)'\n');
        if (end < 0)
            return 0;
        _isBusy = true;
        transport.PauseInput();
        Answer(Encoding.UTF8.GetString(input[..end]));
        return end + 1;
    }

    /// <inheritdoc/>
    public override void Closed(Exception? error)
    {
    }

    // async void: what the node does not handle ends it.
    private async void Answer(string line)
    {
        var text = await answer(line);
        if (transport.IsClosed)
            return;
        transport.Output.Write(Encoding.UTF8.GetBytes(text + "\n"));
        transport.ReleaseAll();
        _isBusy = false;
        transport.ResumeInput();
    }
}
