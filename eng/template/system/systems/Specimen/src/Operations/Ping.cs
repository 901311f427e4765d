namespace Microcosm.Specimen;

/// <summary><c>PING</c>: answers <c>PONG</c>.</summary>
internal static class Ping
{
    [SpecimenOperation("PING", 1)]
    public static void Execute(SpecimenCall call) => call.Reply("PONG");
}
