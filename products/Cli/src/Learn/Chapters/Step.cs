namespace Microcosm.Cli;

/// <summary>A command that a chapter shows, with the output that it quotes.</summary>
/// <param name="Line">Line of the command, from 1.</param>
/// <param name="Prompt">What stands before the command: <c>$</c>, or a client's own prompt (<c>127.0.0.1:6379></c>).</param>
/// <param name="Command">What the reader types; of a file its name.</param>
/// <param name="Expected">Quoted lines below it; of a file its lines.</param>
internal sealed record Step(int Line, string Prompt, string Command, IReadOnlyList<string> Expected) : Part
{
    /// <summary>Stands before the name of a file that the reader writes.</summary>
    public const string FilePrompt = "file";

    /// <summary>A file that the reader writes.</summary>
    public bool IsFile => Prompt == FilePrompt;

    /// <summary>True for what is typed at a shell, false for what is typed into a client that an earlier step opened.</summary>
    public bool IsShell => Prompt == "$";
}
