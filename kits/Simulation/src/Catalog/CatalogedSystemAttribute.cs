namespace Microcosm.Simulation;

/// <summary>
/// Declares an assembly's system, above its door: <c>[assembly: CatalogedSystem&lt;RedisSystem&gt;]</c>. What references the assembly and
/// has a class marked <see cref="SystemCatalogAttribute"/> finds it there at compile time.
/// </summary>
/// <typeparam name="TSystem">The door.</typeparam>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class CatalogedSystemAttribute<TSystem> : Attribute
    where TSystem : ICatalogedSystem;
