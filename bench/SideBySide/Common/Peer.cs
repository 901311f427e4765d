namespace Microcosm.SideBySide;

/// <summary>A program or a file of others.</summary>
/// <param name="Program">Its name, or its path where it is no program.</param>
/// <param name="Package">The Debian package that has it.</param>
internal sealed record Peer(string Program, string Package)
{
    // Servers lie where not every user looks for programs.
    private static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin"];

    public bool IsThere => Folders.Any(f => File.Exists(Path.Combine(f, Program)));

    public override string ToString() => $"{Program} (Debian package {Package})";
}
