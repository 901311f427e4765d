namespace Microcosm.Specimen;

/// <summary><c>SET key value</c>: answers <c>OK</c> when it survives a crash. The value goes to the end of the line.</summary>
internal static class Set
{
    [SpecimenOperation("SET", 3, TakesRest = true)]
    public static void Execute(SpecimenCall call)
    {
        if (!call.Refuses(new Change(call[1], call[2])))
            call.Reply("OK");
    }
}
