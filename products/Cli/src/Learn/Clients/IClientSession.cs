namespace Microcosm.Cli;

/// <summary>A client that waits at its own prompt.</summary>
internal interface IClientSession : IDisposable
{
    /// <summary>What it shows before the next line, with the port shown in the chapter.</summary>
    string Prompt { get; }

    /// <summary>Sends a line; returns what is printed below it.</summary>
    Task<string> SendAsync(string line);
}
