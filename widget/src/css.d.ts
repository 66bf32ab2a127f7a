/** A style sheet as text, put together by the build. */
declare module "*.css" {
  const css: string;
  export default css;
}
