using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Specimen;

/// <summary>One request on its way: its words, the state, and its reply.</summary>
internal sealed class SpecimenCall(string[] words, KeyTable table, ChangeLog log, OutputBuffer output)
{
    /// <summary>Keys and values, to read; changes go through <see cref="Refuses"/>.</summary>
    public KeyTable Table { get; } = table;

    /// <summary>Why it was refused; null when it was not.</summary>
    public string? Error { get; private set; }

    /// <summary>A word of the request; the operation's name is the first.</summary>
    public string this[int index] => words[index];

    /// <summary>Makes a change, in the log first. Where the state does not take it, refuses and is true.</summary>
    public bool Refuses(Change change)
    {
        if (Table.WhyNot(change) is { } error)
        {
            Refuse(error);
            return true;
        }
        log.Append(change);
        Table.Apply(change);
        return false;
    }

    public void Reply(string line) => output.Write(Encoding.UTF8.GetBytes(line + "\n"));

    public void Refuse(string error)
    {
        Error = error;
        Reply("ERR " + error);
    }
}
