using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Simulation.Tests.Samples.Wire;

/// <summary>Answers a request, perhaps later; null closes the connection without an answer, which leaves the client in the dark.</summary>
internal delegate ValueTask<string?> LineHandler(string[] words);

/// <summary>
/// The samples' protocol: a request is a line of words, so is its answer, one at a time a connection. While an answer is on its
/// way the transport shows no more input.
/// </summary>
internal sealed class LineSession(SessionTransport transport, LineHandler handle) : Session
{
    private const int LineBytesMax = 4_096;
    private bool _busy;

    /// <inheritdoc/>
    public override int Receive(ReadOnlySpan<byte> input)
    {
        if (_busy)
            return 0;
        var end = input.IndexOf((byte)'\n');
        if (end < 0)
        {
            if (input.Length > LineBytesMax)
                transport.Abort();
            return 0;
        }
        _busy = true;
        transport.PauseInput();
        Answer(Encoding.UTF8.GetString(input[..end]).Split(' '));
        return end + 1;
    }

    // async void: an exception of the handler is the node's, and ends it.
    private async void Answer(string[] words)
    {
        var answer = await handle(words);
        if (transport.IsClosed)
            return;
        if (answer is null)
        {
            transport.Abort();
            return;
        }
        transport.Output.Write(Encoding.UTF8.GetBytes(answer + "\n"));
        transport.ReleaseAll();
        _busy = false;
        transport.ResumeInput();
    }

    /// <inheritdoc/>
    public override void Closed(Exception? error)
    {
    }
}
