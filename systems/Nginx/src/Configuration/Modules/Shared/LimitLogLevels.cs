namespace Microcosm.Nginx;

/// <summary>The level at which refusals by a limit are logged.</summary>
internal static class LimitLogLevels
{
    public static Setting<LimitLogLevel> Declare(Module module, string name, Contexts contexts) =>
        module.Choice(name, contexts, LimitLogLevel.Error, "info", "notice", "warn", "error");
}
