using System.Text;

namespace Microcosm.Consensus.Tests.Host;

/// <summary>A list of words; a command adds one, and its result says which place it has.</summary>
internal sealed class WordMachine : IReplicatedMachine
{
    public List<string> Words { get; private set; } = [];

    public int Restores { get; private set; }

    public object? Apply(long index, ReadOnlyMemory<byte> command)
    {
        Words.Add(Encoding.UTF8.GetString(command.Span));
        return Words.Count;
    }

    public ReadOnlyMemory<byte> Save() => Encoding.UTF8.GetBytes(string.Join(' ', Words));

    public void Restore(ReadOnlyMemory<byte> state)
    {
        Restores++;
        Words = state.IsEmpty ? [] : [.. Encoding.UTF8.GetString(state.Span).Split(' ')];
    }
}
