/** Version of the reports' shape; rises when a field changes its meaning or goes away. */
export const VERSION = 1;
